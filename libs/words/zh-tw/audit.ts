import type { AuditWords } from '../audit-words.js';

const WHO = '可能是服務提供的內容未經其簽章，也可能是內容在傳輸途中遭到改動。';

/** 對日誌的稽核結果。 */
export const audit: AuditWords = {
  signature: {
    notSigned: (key, signers) =>
      `最新的檢查點沒有日誌公鑰 ${key} 對應的簽章，只有以 ${signers} 的名義所作的簽章。可能是日誌已用另一把公鑰重新建立，也可能是回應者並非原來的服務。` +
      '如營運方確認公鑰已更換，請為該日誌另用一個狀態檔進行稽核。',
    wrong: (key) => `最新的檢查點以日誌公鑰 ${key} 的名義所作的簽章有誤。`,
  },
  fork: (before, now) =>
    `日誌出現兩種歷史：日誌簽章的 ${before} 個批次的檢查點與 ${now} 個批次的檢查點不可能同時為真。兩份檢查點合在一起，任何人均可據此查明。`,
  rollback: (before, now) =>
    `服務目前顯示的日誌有 ${now} 個批次，先前顯示過 ${before} 個批次。可能是服務以舊的檢查點回應，也可能是日誌的一部分已經遺失。`,
  otherLog: (before, now) =>
    `服務目前顯示的是日誌 ${now}，先前顯示的是日誌 ${before}。請為新的日誌另用一個狀態檔進行稽核。`,
  logTiles: (size) => `由服務提供的雜湊值無法算得 ${size} 個批次的已簽章檢查點中的根。${WHO}`,
  logEntry: (batch) => `服務提供的批次 ${batch} 的項目不是已簽章日誌中的項目。${WHO}`,
  batchRoot: (batch) => `由服務提供的批次 ${batch} 的各項目無法算得該批次的根，其後的內容無法檢查。${WHO}`,
  entry: {
    malformed: (batch) => `日誌為批次 ${batch} 所載的內容不是批次項目，其後的內容無法檢查。`,
    number: (batch, got) => `日誌的批次 ${batch} 自稱為批次 ${got}。`,
    first: (batch, expected, got) => `批次 ${batch} 載明先前有 ${got} 個項目，實際為 ${expected} 個。`,
    origin: (batch, expected, got) => `批次 ${batch} 載明屬於日誌 ${got}，前一批次屬於日誌 ${expected}。`,
    time: (batch, before, got) => `批次 ${batch} 載明寫入時間為 ${got}，早於前一批次的 ${before}。`,
  },
  event: {
    malformed: (event) => `項目 ${event} 具有狀態變更的形式，但無法以狀態變更讀取。`,
    'not-yet-there': (event) => `狀態變更 ${event} 涉及當時尚未寫入日誌的項目。`,
    'touched-range': (event, record) => `狀態變更 ${event} 同時涉及多筆紀錄，其中紀錄 ${record} 的狀態先前已經變更。`,
    previous: (event, record, expected, got) =>
      `紀錄 ${record} 的狀態變更 ${event} 載明前一項變更為${got === null ? '「無」' : ` ${got}`}，實際為${expected === null ? '「無」' : ` ${expected}`}。`,
    'consumed-twice': (event, record, before) => `紀錄 ${record} 遭核銷兩次：見項目 ${before} 與項目 ${event}。`,
    transition: (event, record, from, to) =>
      `紀錄 ${record} 的狀態變更 ${event} 由「${from}」變為「${to}」，規則不允許這樣變更。`,
  },
  statusRoot: (batch) =>
    `批次 ${batch} 所載的整體狀態與日誌中各項變更得出的狀態不一致：遺漏了某項變更，或多出了某項內容。`,
  unsentEvent: (record, event, status, effectiveAt) =>
    `日誌載有紀錄 ${record} 的一項並非由本方送出的變更：${status}，自 ${effectiveAt} 起生效（項目 ${event}）。`,
  missingEvent: (record, includeBy) =>
    `${record === null ? '多筆紀錄' : `紀錄 ${record} `}的一項變更曾獲承諾於 ${includeBy} 之前寫入日誌，但日誌中沒有。收據載明了該承諾。`,
  missingRecord: (record) => `服務查無紀錄 ${record}，而本方持有該紀錄的收據。`,
  recordPlace: (record) => `紀錄 ${record} 不在服務所稱的日誌位置。`,
  result: {
    passed: (origin, batches, entries) =>
      `未發現日誌 ${origin} 的問題：已檢查 ${batches} 個批次，共 ${entries} 個項目。`,
    found: (count) => `發現的問題：${count} 項。`,
    undecided: '稽核未能完成：有內容無法取得或無法讀取。這不表示日誌有問題。',
    unchecked: '未核對簽章者：請用 --log-key 提供日誌的公鑰。',
  },
};
