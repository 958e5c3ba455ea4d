import type { ComparisonTexts, RemedyWords } from '../remedy-words.js';

/** What a person can do. */
export const remedies: RemedyWords = {
  'use-original': '請使用機關核發的檔案：重新下載，或請對方以「檔案」形式或放入壓縮檔傳送。',
  'use-sealed-part': {
    commandLine: '請用 --extract FILE 將登錄時的版本另存成檔案，並以該版本為準。',
    page: '請下載登錄時的版本，並以該版本為準。',
  },
  'restore-line-endings': '請使用核發時的檔案（以二進位方式或放入壓縮檔傳送），或將換行字元轉換回來。',
  'give-document': { commandLine: '請提供檔案本身，以便比對。', page: '請加入檔案，以便比對。' },
  'give-digest': {
    commandLine: (algorithms) => `請提供檔案本身，或用 --digest 提供下列任一演算法的雜湊值：${algorithms}。`,
    page: '請加入檔案本身。',
  },
  'give-salt': {
    commandLine:
      '請使用文件持有人收到的存證證明，或將 FILE.sealroot-salt.json 與檔案放在一起，或用 --salt 提供隨機鹽值。',
    page: '請加入文件持有人收到的存證證明，其中有隨機鹽值。',
  },
  'get-proof-again': '請從原處或向服務重新取得存證證明。',
  'renew-proof': '請稍後重新取得存證證明，新版會補上缺少的內容。',
  'renew-status': '請向服務重新取得存證證明，新版載有較新的狀態。',
  'ask-whose-log': '請向機關詢問它在哪個服務登錄文件，以及該服務公布的金鑰。',
  'pin-log-key': {
    commandLine: '請向服務營運者取得金鑰，並用 --log-key 提供。',
    page: '請將這把金鑰與服務營運者公布的金鑰比對。',
  },
  'try-later': {
    commandLine: '請稍後再試、詢問其他資料來源，或依下方說明自行比對。',
    page: '請稍後再試，或依下方說明自行比對。',
  },
  'newer-verifier': '這個程式的新版或其他程式或許能夠驗證。',
  'ask-independent-source': {
    commandLine: '請詢問您信任的資料來源（例如自己的節點），或依下方說明自行比對。',
    page: '請依下方說明，在您信任的地方自行比對。',
  },
  'give-source': {
    commandLine: {
      bitcoin: '請用 --bitcoin-rpc、--esplora 或 --headers 提供資料來源，或依下方說明自行比對。',
      evm: '請用 --evm-rpc 提供該鏈的節點，或依下方說明自行比對。',
    },
    page: '請依下方說明，在任何區塊瀏覽器自行比對。',
  },
  'pin-headers': {
    commandLine:
      '請使用從創世區塊開始的區塊標頭檔，或用 --pin-block HEIGHT:HASH 指明其中您確知正確的區塊，或依下方說明自行比對。',
    page: '請依下方說明，在任何區塊瀏覽器自行比對。',
  },
  'wait-for-block': '請在數小時後重新取得存證證明：區塊產生之後，新版就會載明。',
  'secure-connection': '請以 https 網址開啟本網頁，或用 OpenSSL 或命令列程式驗證這個時間戳記。',
  reload: '請重新載入網頁。',
  'give-root': {
    commandLine: '請將根憑證的指紋與該機構公布的指紋比對，再用 --tsa-root 提供該憑證。',
    page: '請將根憑證的指紋與該機構公布的指紋比對。',
  },
  'rely-on-neither': '請勿單獨依據其中任何一個時間。其他驗證項目不受影響。',
  'ask-for-newer': '請向機關詢問文件是否已經換發。',
  'hand-in-fitting': '請移除該檔案，或交付屬於這份文件的那一個。',
};

/** What to compare by hand. */
export const comparisons: ComparisonTexts = {
  'merkle-root': (block) => `${block}的默克爾根`,
  'block-hash': (block) => `${block}的雜湊值`,
  genesis: (chain) => `${chain}的創世區塊的雜湊值`,
  'root-certificate': (name) => `憑證 ${name} 的 SHA-256 指紋`,
  'log-key': '日誌金鑰',
  digest: (algorithm) => `證明中的雜湊值（${algorithm}）`,
  where: {
    chain: '該鏈的任何區塊瀏覽器或節點',
    authority: '該機構公布的指紋',
    operator: '服務營運者公布的金鑰',
    document: '用任何程式算出的檔案雜湊值',
  },
};
