import type { PageWords } from '../page-words.js';

/** The service's own page. */
export const page: PageWords = {
  page: {
    title: '驗證文件 · 印證 Sealroot',
    withoutScript: '本網頁在您的裝置上計算檔案的雜湊值，需要啟用 JavaScript。',
    skip: '跳到驗證區',
    brand: '公共存證平臺',
    languages: '語言',
    heading: '驗證文件',
    lead: '查明一個檔案是否就是政府機關登錄的那一份，以及它最晚在何時已經存在。',
    footer:
      '本網頁及其信任的金鑰都來自您正在造訪的服務。每項結論都能不靠本服務自行重做一遍，作法請見每次結果下方的「自行驗證」。',
    footerLinks: { api: 'API 介面', log: '最新的日誌檢查點' },
  },
  intake: {
    label: '檔案及其存證證明（若有）',
    hint: '請將檔案拖放到這裡。若附有存證證明（.json 或 .ots），請一起拖入。',
    choose: '選擇檔案…',
    dropNow: '放開即可驗證',
    privacy: '檔案不會離開您的裝置，只會以它的數位指紋（雜湊值）查詢。',
    files: '正在驗證的檔案',
    roles: { document: '檔案', proof: '存證證明', ots: 'OpenTimestamps 證明' },
    remove: (name) => `移除 ${name}`,
    startOver: '驗證另一份文件',
    addProof: '加入存證證明…',
    tooManyDocuments: '一次只能驗證一份文件：請拖入一個檔案及其存證證明（若有）。',
    tooManyProofs: '一次只能拖入一份存證證明。',
  },
  progress: {
    hashing: '正在您的裝置上計算雜湊值',
    hashed: (done, total) => `${done} / ${total}`,
    searching: '正在尋找登錄紀錄',
    verifying: '正在驗證存證證明',
    cancel: '取消',
  },
  needDocument: {
    title: '請再加入檔案',
    text: '一份存證證明只針對一份文件。請拖入或選擇這份存證證明所屬的檔案。',
  },
  choosing: {
    title: '這份文件有多筆登錄紀錄',
    text: '請選擇要驗證的登錄紀錄，最早的排在最前面。',
    since: (date) => `收件於 ${date}`,
    more: (count) =>
      `登錄紀錄不只這 ${count} 筆，此處僅列出最早的。其他紀錄可憑其存證證明驗證：請將存證證明與檔案一併拖入。`,
  },
  notFound: {
    title: '找不到這個檔案的登錄紀錄',
    text: '本服務沒有與這個檔案完全相同的公開紀錄。這不代表文件有問題。',
    reasons: [
      '若您收到過存證證明（.json），請一起拖入。證照等個人文件採加鹽登錄，只有憑存證證明才找得到。',
      '重新儲存、列印成 PDF 或再次掃描，都會變成不同的檔案。請使用機關核發的檔案。',
      '這份文件可能登錄在其他服務。',
    ],
    digest: '這個檔案的 SHA-256 雜湊值',
    otsMatches: '您加入的 .ots 檔案屬於這份文件，任何 OpenTimestamps 程式都能驗證；由誰登錄只記載於 .json 存證證明。',
    otsDiffers: '您加入的 .ots 檔案屬於另一份文件。',
  },
  waiting: {
    title: '已收到，即將寫入日誌',
    text: '機關的登錄已經收件，即將寫入日誌。本網頁會自動重新整理。',
  },
  unreachable: {
    title: '無法連線至服務',
    text: '無法連上伺服器尋找登錄紀錄，因此目前對這份文件沒有結論。若您有存證證明，請一起拖入：大部分驗證不需要伺服器。',
  },
  badDocument: {
    'no-hasher': {
      title: '這個瀏覽器無法計算雜湊值',
      text: '瀏覽器不允許 WebAssembly，可能是啟用了某種防護模式。請改用其他瀏覽器或命令列程式。',
    },
    'unreadable-file': {
      title: '無法讀取這個檔案',
      text: '檔案可能已被移動、變更，或只存放在雲端。請儲存到這部裝置後重新選擇。資料夾無法驗證。',
    },
  },
  result: {
    region: '驗證結果',
    withoutProof: '不用存證證明，只驗證這個檔案',
    again: '再試一次',
    refreshing: '自動重新整理',
    refreshed: '您的存證證明產生之後，證明內容又有增補。可於下方下載新版。',
  },
  checks: {
    heading: '驗證項目',
    summary: (passed, total) => `${total} 項中通過 ${passed} 項`,
    technical: '技術說明',
  },
  details: {
    heading: '詳細資料與存證證明',
    identifiers: '登錄資料',
    names: {
      id: '紀錄編號',
      agency: '機關',
      profile: '紀錄規格',
      receivedAt: '收件時間',
      logOrigin: '日誌',
      logKey: '日誌金鑰',
      batch: '批次',
      sealedAt: '批次寫入時間',
      position: '批次中的位置',
      blinded: '加鹽雜湊值',
    },
    digests: '這個檔案的雜湊值',
    claims: '機關陳述的事項',
    downloads: '請留存的存證證明',
    kept: {
      proof: '完整存證證明（.json）',
      ots: 'OpenTimestamps 證明（.ots）',
      'record-in-batch': '日誌證明：紀錄在批次中',
      'batch-in-log': '日誌證明：批次在日誌中',
      checkpoint: '加上時間戳記的文字（.txt）',
      'time-stamp': '時間戳記（.tsr）',
      'time-stamp-chain': '時間戳記憑證（.pem）',
    },
    repeat: '自行驗證',
    repeatLead: '您不必信任本網頁。以下步驟使用並非由我們撰寫的程式，或完全不需要網路。',
    steps: {
      hash: '自行計算檔案的雜湊值，並與上方的值比對：',
      cli: '用開放原始碼的命令列程式驗證完整存證證明，資料來源由您選擇（沒有的可以省略）：',
      noBlock: '錨定確認之後，上述程式也會指出可在任何區塊瀏覽器比對的比特幣區塊。',
    },
    copy: '複製',
    copied: '已複製',
  },
};
