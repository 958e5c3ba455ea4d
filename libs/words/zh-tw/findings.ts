import type { FindingSentences, TitleWords } from '../finding-words.js';
import { signatures } from './signatures.js';

/** What checks are about, as claims. */
export const titles: TitleWords = {
  format: '存證證明可以讀取',
  document: '檔案就是登錄時的檔案',
  'record-id': '紀錄編號與聲明相符',
  'batch-inclusion': '紀錄位於所屬批次之中',
  'batch-checkpoint': '批次已簽章',
  'log-inclusion': '批次位於公開日誌之中',
  'log-checkpoint': '日誌已簽章',
  'log-key': '簽章者是預期的日誌',
  'agency-signature': '紀錄由機關自己的金鑰簽章',
  authorisation: '收到紀錄時，該金鑰屬於該機關',
  beacon: '批次不早於已知的區塊',
  'status-root': '狀態涵蓋該檢查點之前的全部日誌',
  'status-leaf': '日誌載明這筆紀錄的狀態',
  'status-history': '這筆紀錄的狀態變更歷程完整',
  'event-signature': '狀態變更由機關自己的金鑰簽章',
  'event-authorisation': '收到變更時，該金鑰屬於該機關',
  cosignature: '該檢查點在已知時間是最新的',
  'status-age': '狀態在期限之內',
  times: '各項時間沒有矛盾',
  validity: '位於載明的有效期間內',
  carried: '聲明中此版本不驗證的部分',
  companion: (file) => `另一個檔案屬於同一份文件：${file}`,
};

/** What checks found. */
export const sentences: FindingSentences = {
  format: {
    proof: '存證證明完整，且完全符合規定的格式。',
    opentimestamps: '這個檔案是 OpenTimestamps 檔案，且完全符合規定的格式。',
  },
  document: {
    same: '檔案的雜湊值與登錄的雜湊值相同。',
    sameBlinded: '檔案的雜湊值與隨機鹽值合併計算後，與登錄的加鹽雜湊值相同。',
    differs: (digest, algorithm, recorded) => `檔案的雜湊值是 ${digest}（${algorithm}），登錄的是 ${recorded}。`,
    differsBlinded: '檔案的雜湊值與隨機鹽值合併計算後，與登錄的加鹽雜湊值不同。',
    lineEndings: '檔案的雜湊值與登錄的不同，但同樣的文字改用另一種換行字元後就相同。',
    sameInside: (bytes) => `這個檔案內含自己的存證證明；除去證明後，其中的文件有 ${bytes} 位元組。`,
    appended: (sealedBytes) =>
      `這個檔案的內容比登錄時多：前 ${sealedBytes} 位元組（不含證明）與登錄的雜湊值相符，整個檔案則不符。`,
    noSalt: '登錄的是加鹽雜湊值，而這份存證證明沒有隨機鹽值。',
    otherAlgorithm: (recorded) => `紀錄有下列演算法的雜湊值：${recorded}；其中任何一種都未提供。`,
    notGiven: '未提供檔案，因此沒有比對。',
  },
  recordId: {
    passed: '紀錄編號只能由這份聲明推算而得。',
    failed: (id, computed) => `紀錄編號是 ${id}，但由聲明推算出的是 ${computed}。`,
  },
  batchInclusion: {
    passed: (batch) => `雜湊路徑從紀錄連到批次 ${batch} 的根。`,
    'other-root': (batch) => `雜湊路徑無法從紀錄連到批次 ${batch} 的根。`,
    'bad-path': (batch) => `紀錄的雜湊路徑與它在批次 ${batch} 中的位置不合。`,
  },
  logInclusion: {
    passed: (batch, size) => `雜湊路徑從批次 ${batch} 連到日誌在 ${size} 個批次時的根。`,
    'other-root': (batch, size) => `雜湊路徑無法從批次 ${batch} 連到日誌在 ${size} 個批次時的根。`,
    'bad-path': (batch, size) => `批次 ${batch} 的雜湊路徑與 ${size} 個批次的日誌不合。`,
  },
  batchCheckpoint: '批次的檢查點載有同一個根，並有日誌的簽章。',
  logCheckpoint: (size) => `日誌在 ${size} 個批次時的檢查點有日誌的簽章。`,
  checkpointFaults: {
    ofBatch: '批次的檢查點',
    ofLog: (size) => `日誌在 ${size} 個批次時的檢查點`,
    'other-origin': (checkpoint) => `${checkpoint}屬於另一個日誌。`,
    'other-size': (checkpoint) => `${checkpoint}載明的數量不同。`,
    'other-root': (checkpoint) => `${checkpoint}載明的根不同。`,
    'other-key-name': (checkpoint) => `${checkpoint}與存證證明中金鑰所屬的日誌不同。`,
    'bad-signature': (checkpoint) => `${checkpoint}的簽章不符：它遭到更動，或由他人簽章。`,
    'not-signed': (checkpoint) => `${checkpoint}沒有日誌的簽章。`,
  },
  logKey: {
    passed: {
      yours: '簽章金鑰是您信任的金鑰。',
      page: (service) => `簽章金鑰與 ${service} 公布的相同，只由本網頁所屬的服務自行擔保。`,
    },
    failed: {
      yours: '簽章金鑰不是您信任的金鑰。',
      page: (service) => `簽章金鑰與 ${service} 公布的不同。`,
    },
    unavailable: {
      yours: '無法取得用來比對的金鑰，因此未驗證簽章者。',
      page: (service) => `無法取得 ${service} 的金鑰，因此未驗證簽章者。`,
    },
    'not-applicable': '未驗證簽章者：沒有提供用來比對的金鑰。',
  },
  ...signatures,
  times: {
    passed: '在時鐘已知的誤差之內，各項時間的先後次序都能成立。',
    contradiction: (earlier, later) =>
      `${earlier.role}（${earlier.time}）不應晚於${later.role}（${later.time}），實際上卻較晚：至少有一個時鐘有誤。`,
    allowed: (span) => `已計入時鐘之間 ${span} 的容許誤差。`,
    roles: {
      received: '日誌所稱的收件時間',
      sealed: '日誌所稱的批次寫入時間',
      beacon: '批次載明的區塊的時間',
      anchor: '錨定的時間',
      status: '狀態所截至的時間',
      now: '現在時間',
    },
  },
  validity: {
    notStated: '機關未載明有效期間。',
    noEnd: '位於機關載明的有效期間內，未訂終點。此後是否遭撤銷，不在此項驗證之列。',
    until: (until) => `位於機關載明的有效期間內，至 ${until} 為止。此後是否遭撤銷，不在此項驗證之列。`,
    expired: (until) => `機關載明的有效期間已於 ${until} 結束。`,
    'not-yet-valid': (from) => `機關載明的有效期間自 ${from} 開始。`,
    'not-yet-recorded': (receivedAt) => `當時日誌中還沒有這筆紀錄：收件時間是 ${receivedAt}。`,
  },
  carried: {
    sentence: (members) => `證明載有、但未驗證：${members}。`,
    members: {
      supersedes: '這筆紀錄所取代的紀錄',
      provenance: '文件的產生過程',
    },
  },
  companion: {
    passed: '它屬於同一份文件，所證明的內容與其他各項一併列出。',
    otherDocument: (algorithm, recorded) => `它屬於另一份文件，其雜湊值（${algorithm}）是 ${recorded}。`,
    otherDocumentBlinded: '它屬於另一份文件。其紀錄只有加鹽雜湊值，看不出是哪一份。',
    anotherProof: (id) => `它是另一份存證證明，其紀錄（${id}）屬於同一份文件。其餘內容未驗證，請單獨驗證。`,
    unreadable: '未驗證。',
    notComparable: '未驗證：所提供的檔案形式無法與之比對。',
  },
};
