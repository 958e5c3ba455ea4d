import type { AnchorWords } from '../anchors/anchor-words.js';

/** What attests a time. */
export const anchors: AnchorWords = {
  titles: {
    none: '時間有日誌以外的依據',
    unknown: '時間的證明方式此處無法辨識',
  },
  none: {
    pending: '就這份存證證明所載，其時間目前沒有日誌以外的依據。',
    'too-many': (count) => `這份存證證明還有 ${count} 項時間證明，超出驗證的數量上限。`,
  },
  unsupported: (name) => `此處無法驗證「${name}」這種時間證明。`,
  subjects: { checkpoint: '日誌的根', document: '取得時間證明的雜湊值' },
  anchoredIn: (chain) => `時間錨定於${chain}`,
  block: '區塊',
  suppliedBy: '資料來源',
  bound: (subject, block, time, clock) => `${subject}已寫入${block}，因此最晚在 ${time} 已經存在（${clock}）。`,
  alike: (count) => `共有 ${count} 項時間證明得出這個結果。`,
  bitcoin: {
    merkleRoot: '其默克爾根',
    steps: {
      file: '將 .ots 檔案與文件檔案放在一起，用任何 OpenTimestamps 程式驗證：',
      block: (height) => `在任何區塊瀏覽器查看比特幣區塊 ${height} 的默克爾根，並與上方「登錄資料」的值比對。`,
    },
    promised: (calendar) => `日曆服務 ${calendar} 已收下，並承諾將它寫入比特幣區塊，通常需要數小時。`,
    'bad-timestamp': '這項 OpenTimestamps 時間證明不符合規定的格式，無法說明任何情形。',
    'bad-root': (block, bytes) => `所稱的${block}的默克爾根是 ${bytes} 位元組而非 32 位元組，無法說明任何情形。`,
    'other-block': (subject, block, sources) => `${subject}不在${block}之中：該區塊的默克爾根不同（${sources}）。`,
    undecided: (subject, block, why) => `無法確認${subject}是否在${block}之中：${why}。`,
  },
  evm: {
    genesis: '該鏈的創世區塊',
    transaction: '交易',
    step: (height, chain) =>
      `在該鏈的任何瀏覽器或節點（URL）查看 ${chain} 的區塊 ${height} 的雜湊值，並與上方「登錄資料」的值比對：`,
    'bad-attestation': (chainId) => `鏈 ${chainId} 的時間證明本身無效，無法說明任何情形。`,
    'other-block': (subject, block, sources) =>
      `${block}與寫入${subject}的區塊不是同一個區塊：後者在鏈重組時遺失，或從未在鏈上（${sources}）。`,
    undecided: (subject, block, why) => `無法確認${block}是否就是寫入${subject}的區塊：${why}。`,
  },
  rfc3161: {
    title: '時間由時間戳記機構簽章',
    place: (authority) => `${authority} 的時間戳記，以該機構的時鐘為準`,
    timeStamp: '時間戳記',
    accuracy: '精確度',
    rootCertificate: '根憑證（SHA-256）',
    steps: {
      verify: '留存三個時間戳記檔案，向時間戳記機構取得其根憑證（ROOT.pem），並用 OpenSSL 驗證：',
      expired:
        '該機構的憑證後來已經到期，因此必須向 OpenSSL 指明時間戳記的時間。請留存三個時間戳記檔案，並取得該機構的根憑證（ROOT.pem）：',
    },
    signed: (authority, time, accuracy) =>
      `${authority} 依自己的時鐘，於 ${time} 為日誌的檢查點簽發時間戳記${accuracy === null ? '' : `，誤差不超過 ${accuracy}`}。`,
    trusted: (root) => `其根憑證 ${root} 是此處信任的根憑證。`,
    expired: (at) => `該機構的憑證後來已經到期（${at}），這不影響時間戳記的效力。`,
    revocationUnknown: '無法確認其憑證當時是否已遭廢止。',
    revokedLater: (at) => `其憑證後來於 ${at} 廢止，但廢止原因不影響這個時間戳記。`,
    'bad-token': '這個時間戳記無效，無法說明任何情形。',
    unsupported: '這個時間戳記使用此版本沒有的演算法，因此未驗證。',
    'no-crypto': '本網頁並非透過安全連線載入，瀏覽器因此不驗證時間戳記。',
    'no-verifier': '無法載入本網頁用來驗證時間戳記的部分。',
    'no-roots': '未提供您信任的根憑證，因此無法確認該機構是否可信。',
    'roots-unreachable': '無法取得受信任機構的名單，因此無法確認該機構是否可信。',
    'unknown-root': (root) => `其憑證鏈通往 ${root}，不在受信任的根憑證之列，因此無法確認該機構是否可信。`,
  },
  beacon: {
    block: '批次載明的區塊',
    none: '批次沒有載明區塊，因此只能證明最晚的時間。',
    previousLog: (batches, root, format) =>
      `這個批次是接續前一日誌的新日誌的第一個批次，載明的不是區塊，而是前一日誌的末端狀態（${format.number(batches)} 個批次，根為 ${root}），此處不予驗證，因此只能證明最晚的時間。`,
    passed: (block, time) => `批次載有${block}的雜湊值，事先無人能夠預知，因此批次的寫入不早於 ${time}。`,
    'other-block': (block, sources) =>
      `批次載明的${block}在該鏈上的雜湊值不同（${sources}），因此無法說明批次最早的時間。這不影響最晚時間的證明。`,
    'unknown-chain': (block) => `批次載有${block}，此版本無法驗證。這不影響最晚時間的證明。`,
    'test-chain': (block, time) => `批次載有${block}，其時間為 ${time}。`,
    undecided: (block, why) => `批次載有${block}，無法確認：${why}。這不影響最晚時間的證明。`,
  },
};
