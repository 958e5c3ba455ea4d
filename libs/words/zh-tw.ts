import type { EvmAnchor } from '#proof/anchors/evm/finding.js';
import type { AnchorFinding, Subject } from '#proof/anchors/finding.js';
import type { BitcoinAnchor } from '#proof/anchors/opentimestamps/finding.js';
import type { Rfc3161Anchor, TimeStampFacts } from '#proof/anchors/rfc3161/finding.js';
import type { UndecidedReason } from '#proof/anchors/shown-facts.js';
import type {
  BeaconFinding,
  CompanionFinding,
  DocumentFinding,
  FormatFinding,
  LogKeyFinding,
  TimeContradiction,
  TimeRole,
  UnreadableKind,
  ValidityFinding,
} from '#proof/finding.js';
import type { When } from '#proof/verification.js';
import type { Finality, ShownBlock, Silence } from '#source/answer.js';
import type { Comparison } from './comparison.js';
import type { FileNote } from './file-note.js';
import type { Format } from './format.js';
import type { Headline, MismatchCause, UnavailableCause } from './headline.js';
import type { Answer, Language, Telling } from './language.js';
import { namedBeaconChain, namedEvmChain, type NamedChain } from './named-chain.js';
import { chainOf, type InnocentCause, type Note } from './note.js';
import type { Remedy } from './remedy.js';

/** Chinese as official texts in Taiwan have it, in traditional characters. */
export const zhTw: Language = {
  tag: 'zh-TW',
  locale: 'zh-TW',
  ownName: '繁體中文（臺灣）',
  labels: {
    when: '存在時間',
    who: '登錄者',
    still: '目前是否有效',
    document: '檔案',
    proof: '存證證明',
    record: '登錄紀錄',
    kind: '紀錄類別',
    agency: '登錄機關',
    reference: '機關文號',
    claims: '機關陳述的事項',
    received: '收件時間',
    sealed: '批次寫入時間',
    findings: '驗證項目',
    notes: '請留意',
    compare: '可自行比對的資料',
    remedy: '您可以這樣做',
    detail: '技術細節',
  },
  outcomes: {
    passed: '通過',
    failed: '未通過',
    pending: '等待中',
    unavailable: '無法確認',
    'not-applicable': '未驗證',
  },
  badges: {
    unreadable: '無法讀取',
    mismatch: '不相符',
    'authentic-not-current': '不在有效期間',
    unavailable: '未完成',
    pending: '等待中',
    authentic: '驗證相符',
    'signer-unchecked': '未驗證簽章者',
    'test-only': '僅供測試',
  },
  profiles: {
    generic: '一般文件',
    licence: '證照',
    evidence: '電子證據',
    invoice: '電子發票',
    title: '不動產登記',
    company: '商業登記',
    identity: '簽發金鑰或信任清單',
    permit: '許可',
  },
  headline,
  note,
  when,
  who: (who, record, telling) => {
    if (record === undefined) return { text: '未記載。', basis: ['OpenTimestamps 檔案不會記載由誰申請。'] };
    if (who === 'unchecked')
      return {
        text: '未驗證。',
        basis: [`證明自稱的機關是 ${record.agency}，日誌是 ${record.log}。任何人都能架設日誌並自稱某機關。`],
      };
    return {
      text: `日誌 ${record.log}，其所稱的機關是 ${record.agency}。`,
      basis: [
        telling.place.kind === 'page'
          ? `其金鑰與 ${telling.place.service} 公布的相同。紀錄屬於該機關一事，是日誌營運者的說法。`
          : '其金鑰是您信任的金鑰。紀錄屬於該機關一事，是日誌營運者的說法。',
      ],
    };
  },
  still: (still, record, { format }) => {
    switch (still.state) {
      case 'expired':
        return { text: `否，已於 ${format.date(still.since)} 到期。`, basis: ['此期限由機關於登錄時載明。'] };
      case 'not-yet-valid':
        return { text: `尚未生效，自 ${format.date(still.from)} 起生效。`, basis: ['此期限由機關於登錄時載明。'] };
      case 'unknown':
        return {
          text: '無法確認：這份證明沒有登錄之後的狀態變化。',
          basis:
            record?.validUntil === undefined
              ? ['機關未載明有效期間的終點。']
              : [`機關載明的有效期間至 ${format.date(record.validUntil)} 為止，其間仍可能遭撤銷。`],
        };
      default:
        return still satisfies never;
    }
  },
  title: (finding) => {
    switch (finding.check) {
      case 'format':
        return '存證證明可以讀取';
      case 'document':
        return '檔案就是登錄時的檔案';
      case 'record-id':
        return '紀錄編號與聲明相符';
      case 'batch-inclusion':
        return '紀錄位於所屬批次之中';
      case 'batch-checkpoint':
        return '批次已簽章';
      case 'log-inclusion':
        return '批次位於公開日誌之中';
      case 'log-checkpoint':
        return '日誌已簽章';
      case 'log-key':
        return '簽章者是預期的日誌';
      case 'anchor':
        return anchorTitle(finding);
      case 'beacon':
        return '批次不早於已知的區塊';
      case 'times':
        return '各項時間沒有矛盾';
      case 'validity':
        return '今天位於載明的有效期間內';
      case 'carried':
        return '聲明中此版本不驗證的部分';
      case 'companion':
        return `另一個檔案屬於同一份文件：${finding.file}`;
      default:
        return finding satisfies never;
    }
  },
  sentence: (finding, telling) => {
    const { format } = telling;
    switch (finding.check) {
      case 'format':
        return formatSentence(finding);
      case 'document':
        return documentSentence(finding);
      case 'record-id':
        return finding.outcome === 'passed'
          ? '紀錄編號只能由這份聲明推算而得。'
          : `紀錄編號是 ${finding.id}，但由聲明推算出的是 ${finding.computed}。`;
      case 'batch-inclusion':
        if (finding.outcome === 'passed') return `雜湊路徑從紀錄連到批次 ${format.number(finding.batch)} 的根。`;
        return finding.reason === 'other-root'
          ? `雜湊路徑無法從紀錄連到批次 ${format.number(finding.batch)} 的根。`
          : `紀錄的雜湊路徑與它在批次 ${format.number(finding.batch)} 中的位置不合。`;
      case 'batch-checkpoint':
        return finding.outcome === 'passed'
          ? '批次的檢查點載有同一個根，並有日誌的簽章。'
          : checkpointFault('批次的檢查點', finding.reason);
      case 'log-inclusion':
        if (finding.outcome === 'passed')
          return `雜湊路徑從批次 ${format.number(finding.batch)} 連到日誌在 ${format.number(finding.size)} 個批次時的根。`;
        return finding.reason === 'other-root'
          ? `雜湊路徑無法從批次 ${format.number(finding.batch)} 連到日誌在 ${format.number(finding.size)} 個批次時的根。`
          : `批次 ${format.number(finding.batch)} 的雜湊路徑與 ${format.number(finding.size)} 個批次的日誌不合。`;
      case 'log-checkpoint':
        return finding.outcome === 'passed'
          ? `日誌在 ${format.number(finding.size)} 個批次時的檢查點有日誌的簽章。`
          : checkpointFault(`日誌在 ${format.number(finding.size)} 個批次時的檢查點`, finding.reason);
      case 'log-key':
        return logKeySentence(finding, telling);
      case 'anchor':
        return anchorSentence(finding, telling);
      case 'beacon':
        return beaconSentence(finding, format);
      case 'times':
        return finding.outcome === 'passed'
          ? '在時鐘已知的誤差之內，各項時間的先後次序都能成立。'
          : finding.contradictions.map((item) => contradiction(item, format)).join('');
      case 'validity':
        return validitySentence(finding, format);
      case 'carried':
        return `證明載有、但未驗證：${finding.members.map((member) => CARRIED[member]).join('、')}。`;
      case 'companion':
        return companionSentence(finding);
      default:
        return finding satisfies never;
    }
  },
  remedy,
  comparison: (item, { format }) => comparison(item, format),
  fileNote,
  page: {
    page: {
      title: '驗證文件 · 印證 Sealroot',
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
        block: '區塊',
        merkleRoot: '其默克爾根',
        genesis: '該鏈的創世區塊',
        transaction: '交易',
        timeStamp: '時間戳記',
        accuracy: '精確度',
        rootCertificate: '根憑證（SHA-256）',
        beacon: '批次載明的區塊',
        headerSource: '資料來源',
      },
      digests: '這個檔案的雜湊值',
      claims: '機關陳述的事項',
      downloads: '請留存的存證證明',
      downloadProof: '完整存證證明（.json）',
      downloadOts: 'OpenTimestamps 證明（.ots）',
      downloadRecordInBatch: '日誌證明：紀錄在批次中',
      downloadBatchInLog: '日誌證明：批次在日誌中',
      downloadCheckpoint: '加上時間戳記的文字（.txt）',
      downloadTimeStamp: '時間戳記（.tsr）',
      downloadTimeStampChain: '時間戳記憑證（.pem）',
      repeat: '自行驗證',
      repeatLead: '您不必信任本網頁。以下步驟使用並非由我們撰寫的程式，或完全不需要網路。',
      steps: {
        hash: '自行計算檔案的雜湊值，並與上方的值比對：',
        ots: '將 .ots 檔案與文件檔案放在一起，用任何 OpenTimestamps 程式驗證：',
        cli: '用開放原始碼的命令列程式驗證完整存證證明，資料來源由您選擇（沒有的可以省略）：',
        block: (height) => `在任何區塊瀏覽器查看比特幣區塊 ${height} 的默克爾根，並與上方「登錄資料」的值比對。`,
        noBlock: '錨定確認之後，上述程式也會指出可在任何區塊瀏覽器比對的比特幣區塊。',
        evm: (height, chain) =>
          `在該鏈的任何瀏覽器或節點（URL）查看 ${chain} 的區塊 ${height} 的雜湊值，並與上方「登錄資料」的值比對：`,
        timeStamp: '留存三個時間戳記檔案，向時間戳記機構取得其根憑證（ROOT.pem），並用 OpenSSL 驗證：',
        timeStampExpired:
          '該機構的憑證後來已經到期，因此必須向 OpenSSL 指明時間戳記的時間。請留存三個時間戳記檔案，並取得該機構的根憑證（ROOT.pem）：',
      },
      copy: '複製',
      copied: '已複製',
    },
  },
};

function headline(told: Headline): { headline: string; sentence: string } {
  switch (told.verdict) {
    case 'unreadable':
      return { headline: '無法讀取存證證明', sentence: `${UNREADABLE[told.kind]}這與文件本身無關。` };
    case 'mismatch':
      return MISMATCH[told.because];
    case 'authentic-not-current': {
      const expired = told.still.state === 'expired';
      const subject = told.document ? '這個檔案與登錄時的檔案逐位元組相同。' : '存證證明有效。';
      const state = expired ? '登錄時載明的有效期間已經結束。' : '登錄時載明的有效期間尚未開始。';
      const signer = told.who === 'unchecked' ? '由誰登錄未經驗證。' : '';
      return {
        headline: expired ? '驗證相符，但已逾有效期間' : '驗證相符，但尚未生效',
        sentence: `${subject}${state}${signer}`,
      };
    }
    case 'unavailable':
      return {
        headline: '目前無法完成驗證',
        sentence: told.document
          ? `這個檔案與存證證明逐位元組相符。${UNAVAILABLE[told.because]}`
          : UNAVAILABLE[told.because],
      };
    case 'pending': {
      const subject = told.document ? '這個檔案與存證證明所指的檔案逐位元組相同。' : '存證證明就目前的內容而言有效。';
      const time = told.promised
        ? '日曆服務已承諾將其時間錨定到比特幣區塊鏈，通常需要數小時；在那之前，其時間沒有日誌以外的依據。'
        : '其時間目前沒有日誌以外的依據。';
      const signer = told.who === 'unchecked' ? '由誰登錄未經驗證。' : '';
      return { headline: '已登錄，等待區塊鏈錨定', sentence: `${subject}${time}${signer}` };
    }
    case 'authentic':
      return { headline: authenticHeadline(told), sentence: authenticSentence(told) };
    default:
      return told satisfies never;
  }
}

function authenticHeadline({ document, of, who, worth }: Extract<Headline, { verdict: 'authentic' }>): string {
  if (worth === 'test') return document ? '驗證相符，但時間只有測試鏈證明' : '存證證明有效，但時間只有測試鏈證明';
  if (of === 'file') return document ? '最晚在下列時間已經存在；未載明登錄者' : '時間證明有效；未比對檔案';
  if (who === 'unchecked')
    return document ? '驗證相符，最晚在下列時間已經存在；未驗證簽章者' : '存證證明有效；未驗證簽章者，也未比對檔案';
  return document ? '驗證相符' : '存證證明有效；未比對檔案';
}

function authenticSentence({ document, of, who, worth }: Extract<Headline, { verdict: 'authentic' }>): string {
  const subject = !document
    ? '存證證明有效，適用於雜湊值與之相同的檔案。'
    : of === 'file'
      ? '這個檔案與取得時間證明時的檔案逐位元組相同。'
      : '這個檔案與登錄時的檔案逐位元組相同。';
  const signer =
    of === 'file'
      ? '其中沒有記載由誰申請。'
      : who === 'unchecked'
        ? '由誰登錄未經驗證：任何人都能架設日誌並自稱某機關。'
        : '簽章屬於預期的日誌。';
  return `${subject}${AUTHENTIC_TIME[worth]}${signer}`;
}

const AUTHENTIC_TIME = {
  public: '其時間有日誌以外的依據。',
  test: '其時間只有測試鏈證明，在測試之外沒有證明力。',
  foreign: '其時間由此處未收錄的鏈證明，證明力取決於該鏈的營運者。',
  unnamed: '其時間由某條鏈證明，但沒有資料來源能指出是哪一條鏈。',
} as const;

const MISMATCH: Record<MismatchCause, { headline: string; sentence: string }> = {
  'line-endings': {
    headline: '檔案與證明不符',
    sentence: '文字相同，但換行字元被轉換（CRLF 與 LF），因而成為另一個檔案。文字檔在不同系統之間傳送時常會如此。',
  },
  document: {
    headline: '檔案與證明不符',
    sentence: '這個檔案不是存證證明所指的檔案。原因往往是無心的，請見下方清單。機關核發的檔案可以驗證相符。',
  },
  proof: {
    headline: '證明無效',
    sentence: '存證證明自相矛盾，因此無法說明這份文件的任何情形。證明可能已經損壞或遭更動。',
  },
  signer: {
    headline: '簽章者不是預期的日誌',
    sentence: '存證證明由預期之外的日誌簽章，可能來自其他服務。',
  },
  companion: {
    headline: '一併交付的檔案與證明不符',
    sentence: '存證證明屬於這份文件，但一併交付的另一個檔案屬於別的文件。',
  },
  anchor: {
    headline: '證明無效',
    sentence: '存證證明所稱的時間依據不在應在之處，也沒有其他內容能證明其時間。',
  },
};

const UNAVAILABLE: Record<UnavailableCause, string> = {
  'no-salt': '這筆紀錄採加鹽登錄，使他人無從猜測文件內容；而所用的存證證明沒有隨機鹽值。',
  'other-algorithm': '未提供紀錄所用演算法的雜湊值，因此未比對檔案。',
  signer: '無法取得預期日誌的金鑰，因此未驗證簽章者。',
  contradicted: '各資料來源對其時間的說法互相矛盾，因此沒有結論。這不代表文件有問題。',
  outage: '驗證所需的某項資料目前無法取得。這不代表文件有問題。',
  'test-chain': '其時間只有測試鏈證明，而測試鏈不予採計。',
  unsupported: '其時間的證明方式是此版本無法驗證的。這不代表文件有問題。',
  'nothing-given': '未提供可用來驗證其時間的資料來源。這不代表文件有問題。',
};

const UNREADABLE: Record<UnreadableKind, string> = {
  empty: '這個檔案是空的，可能沒有完整儲存或傳送。',
  html: '這個檔案是網頁，不是存證證明，可能誤存了錯誤網頁或登入網頁。',
  pdf: '這個檔案是 PDF，不是存證證明，可能誤將文件當成存證證明交付。',
  zip: '這個檔案是壓縮檔，不是存證證明；存證證明可能在裡面。',
  'utf-16': '這個檔案是 UTF-16 文字，可能被編輯器另存成該編碼。',
  'byte-order-mark': '這個檔案以位元組順序記號（BOM）開頭，可能是編輯器儲存時加上的。',
  base64: '這個檔案是 base64 文字，可能是從郵件取出而未解碼。',
  hex: '這個檔案是十六進位文字，可能由某個程式以該形式輸出。',
  'cut-short': '這個檔案不完整，可能在下載或傳送時被截斷。',
  receipt: '這個檔案是收據：受理紀錄時開立，承諾將提供存證證明，並非存證證明本身。',
  'signed-note': '這個檔案是日誌的簽章檢查點，是存證證明的一部分，並非完整的存證證明。',
  'time-stamp': '這個檔案是時間戳記機構的時間戳記，是存證證明的一部分，並非完整的存證證明。',
  'other-json': '這個檔案是 JSON，但不是存證證明。',
  'newer-version': '這份存證證明的版本比這個驗證程式更新。',
  'too-large': '這個檔案比任何存證證明都大，可能誤交了其他檔案。',
  damaged: '這個檔案不符合存證證明的格式，可能在傳送時損壞，或是其他類型的檔案。',
};

const INNOCENT: Record<InnocentCause, string> = {
  're-saved': '檔案開啟後被重新儲存或另行匯出：即使文字未變，也會成為另一個檔案。',
  screenshot: '這個檔案是螢幕截圖或翻拍的照片。',
  messenger: '通訊軟體或郵件程式壓縮或轉換了檔案。請以「檔案」形式或放入壓縮檔傳送。',
  printed: '文件經列印後再次掃描。',
  'signed-afterwards': '登錄之後又加上了簽章、印章或註記。',
  'line-endings': '這個檔案是文字檔，換行字元在傳送時被轉換。',
};

const CARRIED = {
  agencySignature: '機關自己的簽章',
  supersedes: '這筆紀錄所取代的紀錄',
  provenance: '文件的產生過程',
} as const;

const FINALITY: Record<Finality, string> = {
  final: '該區塊已達最終確認。',
  confirmed: '該區塊尚未達最終確認，仍可能被所屬的鏈替換。',
  unknown: '無法確認該區塊是否已達最終確認。',
};

const SILENCE: Record<Silence['reason'], string> = {
  unreachable: '無法連線',
  contradicted: '它自己的資料來源互相矛盾',
  'unknown-chain': '未說明屬於哪條鏈',
  'no-such-block': '沒有該高度的區塊',
  'bad-answer': '回覆不可能正確',
  'other-chain': '屬於另一條鏈',
  unpinned: '區塊標頭檔，無從確認屬於該鏈',
};

const UNDECIDED: Record<UndecidedReason, string> = {
  contradicted: '各資料來源互相矛盾',
  absent: '據各資料來源，該鏈還沒有該高度的區塊',
  'no-answer': '沒有資料來源給出可用的回覆',
  'not-asked': '沒有可詢問的資料來源',
};

const TIME_ROLES: Record<TimeRole, string> = {
  received: '日誌所稱的收件時間',
  sealed: '日誌所稱的批次寫入時間',
  beacon: '批次載明的區塊的時間',
  anchor: '錨定的時間',
  now: '現在時間',
};

function note(told: Note, { format }: Telling): string {
  switch (told.note) {
    case 'innocent-cause':
      return INNOCENT[told.cause];
    case 'no-document':
      return '未比對檔案：結論適用於雜湊值與登錄相同的任何檔案。';
    case 'test-chain':
      return `僅供測試：時間來自${chainName(told.chain)}，在測試之外沒有證明力。`;
    case 'foreign-chain':
      return `時間來自${chainName(told.chain)}，此處未收錄該鏈，其證明力取決於該鏈的營運者。`;
    case 'unnamed-chain':
      return '沒有資料來源能指出該區塊屬於哪個比特幣網路。在依據該時間之前，請在別處比對該區塊。';
    case 'not-final':
      return '證明該時間的區塊尚未達最終確認，仍可能被所屬的鏈替換。';
    case 'finality-unknown':
      return '沒有資料來源能確認證明該時間的區塊是否已達最終確認。';
    case 'times-contradict':
      return contradiction(told.contradiction, format);
    case 'not-anchored':
      return '目前沒有日誌以外的依據能證明它最晚何時存在。';
    case 'bad-anchors':
      return `另有 ${format.number(told.count)} 項時間證明無效，結論不以其為依據。`;
    case 'open-anchors':
      return `另有 ${format.number(told.count)} 項時間證明無法確認，結論不需要它。`;
    case 'log-word':
      return `收件時間 ${format.date(told.receivedAt)} 與批次寫入時間 ${format.date(told.sealedAt)} 只是日誌營運者的說法。`;
    case 'agency-claimed':
      return `「${told.agency}」是證明自稱的。任何人都能架設日誌並自稱某機關。`;
    case 'not-the-content':
      return '以上說明這個檔案先前已經存在且未經更動，並不說明檔案內容屬實。';
    default:
      return told satisfies never;
  }
}

function when({ contradicted, notAfter, notBefore }: When, pending: boolean, { format }: Telling): Answer {
  const basis: string[] = [];
  if (notAfter !== undefined) basis.push(`依據：${boundPlace(notAfter.by, format)}。`);
  if (notBefore !== undefined)
    basis.push(`批次的寫入不早於 ${format.date(notBefore.time)}，因為它載有${boundPlace(notBefore.by, format)}。`);
  if (contradicted) basis.push('各項時間互相矛盾：至少有一個時鐘有誤，但無法確認是哪一個。');
  if (notAfter !== undefined)
    return {
      text:
        notAfter.subject.kind === 'document'
          ? `不晚於 ${format.date(notAfter.time)}。`
          : `登錄不晚於 ${format.date(notAfter.time)}。`,
      basis,
    };
  return { text: pending ? '目前沒有日誌以外的依據。' : '未能證明：沒有任何一項時間證明得到確認。', basis };
}

function boundPlace(
  by: NonNullable<When['notAfter']>['by'] | NonNullable<When['notBefore']>['by'],
  format: Format,
): string {
  const chain = chainOf(by);
  if (chain === null || !('height' in by))
    return `${'authority' in by ? by.authority : ''} 的時間戳記，以該機構的時鐘為準`;
  return `${blockName(chain, by.height, format)}（${clockOf(chain)}）`;
}

function clockOf(chain: NamedChain): string {
  return chain.kind === 'bitcoin' ? '礦工設定的時間，可能有兩小時誤差' : '出塊節點的時間';
}

function chainName(chain: NamedChain): string {
  switch (chain.kind) {
    case 'bitcoin':
      return chain.network === null || chain.network === 'mainnet' ? '比特幣區塊鏈' : `比特幣 ${chain.network} 測試鏈`;
    case 'known':
      return `鏈 ${chain.id}（${chain.name}）`;
    case 'test':
      return `開發測試鏈（鏈 ${chain.id}）`;
    case 'impostor':
      return `使用 ${chain.name} 的編號（${chain.id}）但並非該鏈的鏈`;
    case 'numbered':
      return `鏈 ${chain.id}`;
    case 'other':
      return `鏈「${chain.text}」`;
    default:
      return chain satisfies never;
  }
}

/** 「比特幣第 840,000 號區塊」、「鏈 1（Ethereum）的第 5 號區塊」. */
function blockName(chain: NamedChain, height: number, format: Format): string {
  return chain.kind === 'bitcoin' && (chain.network === null || chain.network === 'mainnet')
    ? `比特幣第 ${format.number(height)} 號區塊`
    : `${chainName(chain)}的第 ${format.number(height)} 號區塊`;
}

function silences(silent: readonly Silence[]): string {
  if (silent.length === 0) return '';
  return `未計入：${silent.map(({ reason, source }) => `${source}（${SILENCE[reason]}）`).join('、')}。`;
}

function shown(blocks: readonly ShownBlock[], format: Format): string {
  return blocks.map(({ hash, sources, timeMs }) => `${sources.join('、')}：${hash}，${format.date(timeMs)}`).join('；');
}

function formatSentence(finding: FormatFinding): string {
  if (finding.outcome === 'failed') return UNREADABLE[finding.reason];
  return finding.format === 'opentimestamps'
    ? '這個檔案是 OpenTimestamps 檔案，且完全符合規定的格式。'
    : '存證證明完整，且完全符合規定的格式。';
}

function documentSentence(finding: DocumentFinding): string {
  switch (finding.outcome) {
    case 'passed':
      return finding.blinded
        ? '檔案的雜湊值與隨機鹽值合併計算後，與登錄的加鹽雜湊值相同。'
        : '檔案的雜湊值與登錄的雜湊值相同。';
    case 'failed':
      if (finding.reason === 'line-endings')
        return '檔案的雜湊值與登錄的不同，但同樣的文字改用另一種換行字元後就相同。';
      return finding.blinded
        ? '檔案的雜湊值與隨機鹽值合併計算後，與登錄的加鹽雜湊值不同。'
        : `檔案的雜湊值是 ${finding.digest}（${finding.algorithm}），登錄的是 ${finding.recorded}。`;
    case 'unavailable':
      return finding.reason === 'no-salt'
        ? '登錄的是加鹽雜湊值，而這份存證證明沒有隨機鹽值。'
        : `紀錄有下列演算法的雜湊值：${finding.recorded.join('、')}；其中任何一種都未提供。`;
    case 'not-applicable':
      return '未提供檔案，因此沒有比對。';
    default:
      return finding satisfies never;
  }
}

function checkpointFault(
  subject: string,
  reason: 'other-origin' | 'other-size' | 'other-root' | 'other-key-name' | 'bad-signature' | 'not-signed',
): string {
  switch (reason) {
    case 'other-origin':
      return `${subject}屬於另一個日誌。`;
    case 'other-size':
      return `${subject}載明的數量不同。`;
    case 'other-root':
      return `${subject}載明的根不同。`;
    case 'other-key-name':
      return `${subject}與存證證明中金鑰所屬的日誌不同。`;
    case 'bad-signature':
      return `${subject}的簽章不符：它遭到更動，或由他人簽章。`;
    case 'not-signed':
      return `${subject}沒有日誌的簽章。`;
    default:
      return reason satisfies never;
  }
}

function logKeySentence(finding: LogKeyFinding, { place }: Telling): string {
  switch (finding.outcome) {
    case 'passed':
      return place.kind === 'page'
        ? `簽章金鑰與 ${place.service} 公布的相同，只由本網頁所屬的服務自行擔保。`
        : '簽章金鑰是您信任的金鑰。';
    case 'failed':
      return place.kind === 'page' ? `簽章金鑰與 ${place.service} 公布的不同。` : '簽章金鑰不是您信任的金鑰。';
    case 'unavailable':
      return place.kind === 'page'
        ? `無法取得 ${place.service} 的金鑰，因此未驗證簽章者。`
        : '無法取得用來比對的金鑰，因此未驗證簽章者。';
    case 'not-applicable':
      return '未驗證簽章者：沒有提供用來比對的金鑰。';
    default:
      return finding satisfies never;
  }
}

function anchorTitle(finding: AnchorFinding): string {
  switch (finding.kind) {
    case 'none':
      return '時間有日誌以外的依據';
    case 'unknown':
      return '時間的證明方式此處無法辨識';
    case 'bitcoin':
      return `時間錨定於${'network' in finding ? chainName({ kind: 'bitcoin', network: finding.network }) : '比特幣區塊鏈'}`;
    case 'evm':
      return `時間錨定於${'genesis' in finding ? chainName(namedEvmChain(finding)) : `鏈 ${finding.chainId}`}`;
    case 'rfc3161':
      return '時間由時間戳記機構簽章';
    default:
      return finding satisfies never;
  }
}

function anchorSentence(finding: AnchorFinding, { format }: Telling): string {
  const subject = SUBJECTS[finding.subject.kind];
  switch (finding.kind) {
    case 'none':
      return finding.outcome === 'pending'
        ? '就這份存證證明所載，其時間目前沒有日誌以外的依據。'
        : `這份存證證明還有 ${format.number(finding.count)} 項時間證明，超出驗證的數量上限。`;
    case 'unknown':
      return `此處無法驗證「${finding.name}」這種時間證明。`;
    case 'bitcoin':
      return bitcoinSentence(finding, subject, format);
    case 'evm':
      return evmSentence(finding, subject, format);
    case 'rfc3161':
      return stampSentence(finding, format);
    default:
      return finding satisfies never;
  }
}

/** What an anchor binds. Of a bare file it is a digest: whether that is the document's is for another line to say. */
const SUBJECTS: Record<Subject['kind'], string> = {
  checkpoint: '日誌的根',
  document: '取得時間證明的雜湊值',
};

function bitcoinSentence(finding: BitcoinAnchor, subject: string, format: Format): string {
  switch (finding.outcome) {
    case 'passed':
    case 'unavailable': {
      if (finding.outcome === 'unavailable' && finding.reason !== 'test-chain')
        return `無法確認${subject}是否在${blockName(BITCOIN, finding.height, format)}之中：${UNDECIDED[finding.reason]}。${finding.blocks.length === 0 ? '' : `所示區塊：${shown(finding.blocks, format)}。`}${silences(finding.silent)}`;
      const chain: NamedChain = { kind: 'bitcoin', network: finding.network };
      return `${finding.outcome === 'unavailable' ? NOT_COUNTED : ''}${subject}已寫入${blockName(chain, finding.height, format)}，因此最晚在 ${format.date(finding.time)} 已經存在（${clockOf(chain)}）。${FINALITY[finding.finality]}資料來源：${finding.sources.join('、')}。${silences(finding.silent)}`;
    }
    case 'pending':
      return `日曆服務 ${finding.calendar} 已收下，並承諾將它寫入比特幣區塊，通常需要數小時。`;
    case 'failed':
      switch (finding.reason) {
        case 'bad-timestamp':
          return '這項 OpenTimestamps 時間證明不符合規定的格式，無法說明任何情形。';
        case 'bad-root':
          return `所稱的${blockName(BITCOIN, finding.height, format)}的默克爾根是 ${format.number(finding.bytes)} 位元組而非 32 位元組，無法說明任何情形。`;
        case 'other-block':
          return `${subject}不在${blockName(BITCOIN, finding.height, format)}之中：該區塊的默克爾根不同（${finding.got.sources.join('、')}）。${silences(finding.silent)}`;
        default:
          return finding satisfies never;
      }
    default:
      return finding satisfies never;
  }
}

const BITCOIN: NamedChain = { kind: 'bitcoin', network: null };
const NOT_COUNTED = '測試鏈不予採計，故未計入：';

function evmSentence(finding: EvmAnchor, subject: string, format: Format): string {
  if (finding.outcome === 'failed' && finding.reason === 'bad-attestation')
    return `鏈 ${finding.chainId} 的時間證明本身無效，無法說明任何情形。`;
  const chain = namedEvmChain(finding);
  const block = blockName(chain, finding.height, format);
  switch (finding.outcome) {
    case 'passed':
    case 'unavailable':
      if (finding.outcome === 'unavailable' && finding.reason !== 'test-chain')
        return `無法確認${block}是否就是寫入${subject}的區塊：${UNDECIDED[finding.reason]}。${finding.blocks.length === 0 ? '' : `所示區塊：${shown(finding.blocks, format)}。`}${silences(finding.silent)}`;
      return `${finding.outcome === 'unavailable' ? NOT_COUNTED : ''}${subject}已寫入${block}，因此最晚在 ${format.date(finding.time)} 已經存在（${clockOf(chain)}）。${FINALITY[finding.finality]}資料來源：${finding.sources.join('、')}。${silences(finding.silent)}`;
    case 'failed':
      return `${block}與寫入${subject}的區塊不是同一個區塊：後者在鏈重組時遺失，或從未在鏈上（${finding.got.sources.join('、')}）。${silences(finding.silent)}`;
    default:
      return finding satisfies never;
  }
}

function stampSentence(finding: Rfc3161Anchor, format: Format): string {
  if (finding.outcome === 'failed') return '這個時間戳記無效，無法說明任何情形。';
  if (finding.outcome === 'passed') {
    const expired = finding.expired
      ? `該機構的憑證後來已經到期（${format.date(finding.expiresAt)}），這不影響時間戳記的效力。`
      : '';
    const revocation =
      finding.revocation === 'unknown'
        ? '無法確認其憑證當時是否已遭廢止。'
        : finding.revokedLater === null
          ? ''
          : `其憑證後來於 ${format.date(finding.revokedLater)} 廢止，但廢止原因不影響這個時間戳記。`;
    return `${signed(finding, format)}其根憑證 ${finding.top.name} 是此處信任的根憑證。${expired}${revocation}`;
  }
  switch (finding.reason) {
    case 'unsupported':
      return '這個時間戳記使用此版本沒有的演算法，因此未驗證。';
    case 'no-crypto':
      return '本網頁並非透過安全連線載入，瀏覽器因此不驗證時間戳記。';
    case 'no-verifier':
      return '無法載入本網頁用來驗證時間戳記的部分。';
    case 'no-roots':
      return `${signed(finding, format)}未提供您信任的根憑證，因此無法確認該機構是否可信。`;
    case 'roots-unreachable':
      return `${signed(finding, format)}無法取得受信任機構的名單，因此無法確認該機構是否可信。`;
    case 'unknown-root':
      return `${signed(finding, format)}其憑證鏈通往 ${finding.top.name}，不在受信任的根憑證之列，因此無法確認該機構是否可信。`;
    default:
      return finding satisfies never;
  }
}

function signed({ accuracyMs, authority, genTime }: TimeStampFacts, format: Format): string {
  const accuracy = accuracyMs === null ? '' : `，誤差不超過 ${format.span(accuracyMs)}`;
  return `${authority} 依自己的時鐘，於 ${format.date(genTime)} 為日誌的檢查點簽發時間戳記${accuracy}。`;
}

function beaconSentence(finding: BeaconFinding, format: Format): string {
  if (finding.outcome === 'not-applicable')
    return 'reason' in finding
      ? `這個批次是接續前一日誌的新日誌的第一個批次，載明的不是區塊，而是前一日誌的末端狀態（${format.number(finding.size)} 個批次，根為 ${finding.root}），此處不予驗證，因此只能證明最晚的時間。`
      : '批次沒有載明區塊，因此只能證明最晚的時間。';
  const block = blockName(namedBeaconChain(finding.chain), finding.height, format);
  switch (finding.outcome) {
    case 'passed':
      return `批次載有${block}的雜湊值，事先無人能夠預知，因此批次的寫入不早於 ${format.date(finding.time)}。資料來源：${finding.sources.join('、')}。${silences(finding.silent)}`;
    case 'failed':
      return `批次載明的${block}在該鏈上的雜湊值不同（${finding.got.sources.join('、')}），因此無法說明批次最早的時間。這不影響最晚時間的證明。${silences(finding.silent)}`;
    case 'unavailable':
      if (finding.reason === 'unknown-chain') return `批次載有${block}，此版本無法驗證。這不影響最晚時間的證明。`;
      if (finding.reason === 'test-chain')
        return `測試鏈不予採計，故未計入：批次載有${block}，其時間為 ${format.date(finding.time)}。資料來源：${finding.sources.join('、')}。`;
      return `批次載有${block}，無法確認：${UNDECIDED[finding.reason]}。這不影響最晚時間的證明。${finding.blocks.length === 0 ? '' : `所示區塊：${shown(finding.blocks, format)}。`}${silences(finding.silent)}`;
    default:
      return finding satisfies never;
  }
}

function contradiction({ earlier, later, toleranceMs }: TimeContradiction, format: Format): string {
  const allowed = toleranceMs === 0 ? '' : `已計入時鐘之間 ${format.span(toleranceMs)} 的容許誤差。`;
  return `${TIME_ROLES[earlier.role]}（${format.date(earlier.time)}）不應晚於${TIME_ROLES[later.role]}（${format.date(later.time)}），實際上卻較晚：至少有一個時鐘有誤。${allowed}`;
}

function validitySentence(finding: ValidityFinding, format: Format): string {
  switch (finding.outcome) {
    case 'not-applicable':
      return '機關未載明有效期間。';
    case 'passed':
      if (finding.validUntil === undefined)
        return '今天位於機關載明的有效期間內，未訂終點。此後是否遭撤銷，不在此項驗證之列。';
      return `今天位於機關載明的有效期間內，至 ${format.date(finding.validUntil)} 為止。此後是否遭撤銷，不在此項驗證之列。`;
    case 'failed':
      return finding.reason === 'expired'
        ? `機關載明的有效期間已於 ${format.date(finding.validUntil)} 結束。`
        : `機關載明的有效期間自 ${format.date(finding.validFrom)} 開始。`;
    default:
      return finding satisfies never;
  }
}

function companionSentence(finding: CompanionFinding): string {
  switch (finding.outcome) {
    case 'passed':
      return '它屬於同一份文件，所證明的內容與其他各項一併列出。';
    case 'failed':
      return finding.blinded
        ? '它屬於另一份文件。其紀錄只有加鹽雜湊值，看不出是哪一份。'
        : `它屬於另一份文件，其雜湊值（${finding.algorithm}）是 ${finding.recorded}。`;
    case 'unavailable':
      if (finding.reason === 'another-proof')
        return `它是另一份存證證明，其紀錄（${finding.id}）屬於同一份文件。其餘內容未驗證，請單獨驗證。`;
      return finding.reason === 'unreadable'
        ? `未驗證。${UNREADABLE[finding.kind]}`
        : '未驗證：所提供的檔案形式無法與之比對。';
    default:
      return finding satisfies never;
  }
}

const HAND_IN: Record<UnreadableKind, string> = {
  empty: '請從原處重新取得存證證明。',
  html: '請重新開啟連結，如需登入請先登入，再儲存存證證明本身。',
  pdf: '請交付隨文件附上的存證證明，通常是 .json 或 .ots 檔案。',
  zip: '請解壓縮後交付裡面的存證證明。',
  'utf-16': '請另存成 UTF-8，或重新取得存證證明且不要用編輯器開啟。',
  'byte-order-mark': '請另存成不含位元組順序記號的 UTF-8，或重新取得存證證明且不要用編輯器開啟。',
  base64: '請從郵件程式儲存附件，或先將文字解碼。',
  hex: '請以檔案形式重新取得存證證明，或先將文字解碼。',
  'cut-short': '請重新取得存證證明，並以「檔案」形式或放入壓縮檔傳送。',
  receipt: '請向服務或機關取得收據所列紀錄的存證證明。',
  'signed-note': '請交付隨文件附上的存證證明，通常是 .json 或 .ots 檔案。',
  'time-stamp': '請交付隨文件附上的存證證明，或用 OpenSSL 驗證這個時間戳記。',
  'other-json': '請交付隨文件附上的存證證明。',
  'newer-version': '請使用更新的驗證程式。',
  'too-large': '請交付隨文件附上的存證證明，通常是 .json 或 .ots 檔案。',
  damaged: '請從原處重新取得存證證明，且不要用編輯器開啟。',
};

function remedy(told: Remedy, { place }: Telling): string {
  const page = place.kind === 'page';
  switch (told.remedy) {
    case 'hand-in-proof':
      return HAND_IN[told.kind];
    case 'use-original':
      return '請使用機關核發的檔案：重新下載，或請對方以「檔案」形式或放入壓縮檔傳送。';
    case 'restore-line-endings':
      return '請使用核發時的檔案（以二進位方式或放入壓縮檔傳送），或將換行字元轉換回來。';
    case 'give-document':
      return page ? '請加入檔案，以便比對。' : '請提供檔案本身，以便比對。';
    case 'give-digest':
      return page
        ? '請加入檔案本身。'
        : `請提供檔案本身，或用 --digest 提供下列任一演算法的雜湊值：${told.algorithms.join('、')}。`;
    case 'give-salt':
      return page
        ? '請加入文件持有人收到的存證證明，其中有隨機鹽值。'
        : '請使用文件持有人收到的存證證明，或將 FILE.sealroot-salt.json 與檔案放在一起，或用 --salt 提供隨機鹽值。';
    case 'get-proof-again':
      return '請從原處或向服務重新取得存證證明。';
    case 'renew-proof':
      return '請稍後重新取得存證證明，新版會補上缺少的內容。';
    case 'ask-whose-log':
      return '請向機關詢問它在哪個服務登錄文件，以及該服務公布的金鑰。';
    case 'pin-log-key':
      return page ? '請將這把金鑰與服務營運者公布的金鑰比對。' : '請向服務營運者取得金鑰，並用 --log-key 提供。';
    case 'try-later':
      return page ? '請稍後再試，或依下方說明自行比對。' : '請稍後再試、詢問其他資料來源，或依下方說明自行比對。';
    case 'newer-verifier':
      return '這個程式的新版或其他程式或許能夠驗證。';
    case 'ask-independent-source':
      return page
        ? '請依下方說明，在您信任的地方自行比對。'
        : '請詢問您信任的資料來源（例如自己的節點），或依下方說明自行比對。';
    case 'give-source':
      if (page) return '請依下方說明，在任何區塊瀏覽器自行比對。';
      return told.chain === 'bitcoin'
        ? '請用 --bitcoin-rpc、--esplora 或 --headers 提供資料來源，或依下方說明自行比對。'
        : '請用 --evm-rpc 提供該鏈的節點，或依下方說明自行比對。';
    case 'pin-headers':
      return page
        ? '請依下方說明，在任何區塊瀏覽器自行比對。'
        : '請使用從創世區塊開始的區塊標頭檔，或用 --pin-block HEIGHT:HASH 指明其中您確知正確的區塊，或依下方說明自行比對。';
    case 'wait-for-block':
      return '請在數小時後重新取得存證證明：區塊產生之後，新版就會載明。';
    case 'secure-connection':
      return '請以 https 網址開啟本網頁，或用 OpenSSL 或命令列程式驗證這個時間戳記。';
    case 'reload':
      return '請重新載入網頁。';
    case 'give-root':
      return page
        ? '請將根憑證的指紋與該機構公布的指紋比對。'
        : '請將根憑證的指紋與該機構公布的指紋比對，再用 --tsa-root 提供該憑證。';
    case 'rely-on-neither':
      return '請勿單獨依據其中任何一個時間。雜湊值與簽章不受影響。';
    case 'ask-for-newer':
      return '請向機關詢問文件是否已經換發。';
    case 'hand-in-fitting':
      return '請移除該檔案，或交付屬於這份文件的那一個。';
    default:
      return told satisfies never;
  }
}

function comparison(item: Comparison, format: Format): { what: string; where: string } {
  switch (item.compare) {
    case 'merkle-root':
      return {
        what: `${blockName(item.chain, item.height, format)}的默克爾根`,
        where: '該鏈的任何區塊瀏覽器或節點',
      };
    case 'block-hash':
      return {
        what: `${blockName(item.chain, item.height, format)}的雜湊值`,
        where: '該鏈的任何區塊瀏覽器或節點',
      };
    case 'genesis':
      return { what: `${chainName(item.chain)}的創世區塊的雜湊值`, where: '該鏈的任何區塊瀏覽器或節點' };
    case 'root-certificate':
      return { what: `憑證 ${item.name} 的 SHA-256 指紋`, where: '該機構公布的指紋' };
    case 'log-key':
      return { what: '日誌金鑰', where: '服務營運者公布的金鑰' };
    case 'digest':
      return { what: `證明中的雜湊值（${item.algorithm}）`, where: '用任何程式算出的檔案雜湊值' };
    default:
      return item satisfies never;
  }
}

function fileNote({ file, note: fate }: FileNote): string {
  switch (fate) {
    case 'merged':
      return `${file}：同一筆紀錄的另一份存證證明，已將兩者所載合併驗證。`;
    case 'other-document':
      return `${file}：未採用，屬於另一份文件。`;
    case 'other-record':
      return `${file}：未採用，屬於同一份文件的另一筆紀錄，請單獨驗證。`;
    case 'not-compared':
      return `${file}：未採用，沒有可與之比對的內容。`;
    case 'unreadable':
      return `${file}：未採用，無法當作存證證明讀取。`;
    case 'salt-used':
      return `${file}：使用了其中的隨機鹽值。`;
    default:
      return fate satisfies never;
  }
}
