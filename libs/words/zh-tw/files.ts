import type { Language } from '../language.js';

/** What a file is that is no readable proof, and what to hand in instead. */
export const unreadable: Language['unreadable'] = {
  empty: { what: '這個檔案是空的，可能沒有完整儲存或傳送。', handIn: '請從原處重新取得存證證明。' },
  html: {
    what: '這個檔案是網頁，不是存證證明，可能誤存了錯誤網頁或登入網頁。',
    handIn: '請重新開啟連結，如需登入請先登入，再儲存存證證明本身。',
  },
  pdf: {
    what: '這個檔案是 PDF，不是存證證明，可能誤將文件當成存證證明交付。',
    handIn: '請交付隨文件附上的存證證明，通常是 .json 或 .ots 檔案。',
  },
  zip: { what: '這個檔案是壓縮檔，不是存證證明；存證證明可能在裡面。', handIn: '請解壓縮後交付裡面的存證證明。' },
  'utf-16': {
    what: '這個檔案是 UTF-16 文字，可能被編輯器另存成該編碼。',
    handIn: '請另存成 UTF-8，或重新取得存證證明且不要用編輯器開啟。',
  },
  'byte-order-mark': {
    what: '這個檔案以位元組順序記號（BOM）開頭，可能是編輯器儲存時加上的。',
    handIn: '請另存成不含位元組順序記號的 UTF-8，或重新取得存證證明且不要用編輯器開啟。',
  },
  base64: {
    what: '這個檔案是 base64 文字，可能是從郵件取出而未解碼。',
    handIn: '請從郵件程式儲存附件，或先將文字解碼。',
  },
  hex: {
    what: '這個檔案是十六進位文字，可能由某個程式以該形式輸出。',
    handIn: '請以檔案形式重新取得存證證明，或先將文字解碼。',
  },
  'cut-short': {
    what: '這個檔案不完整，可能在下載或傳送時被截斷。',
    handIn: '請重新取得存證證明，並以「檔案」形式或放入壓縮檔傳送。',
  },
  receipt: {
    what: '這個檔案是收據：受理紀錄時開立，承諾將提供存證證明，並非存證證明本身。',
    handIn: '請向服務或機關取得收據所列紀錄的存證證明。',
  },
  'signed-note': {
    what: '這個檔案是日誌的簽章檢查點，是存證證明的一部分，並非完整的存證證明。',
    handIn: '請交付隨文件附上的存證證明，通常是 .json 或 .ots 檔案。',
  },
  'time-stamp': {
    what: '這個檔案是時間戳記機構的時間戳記，是存證證明的一部分，並非完整的存證證明。',
    handIn: '請交付隨文件附上的存證證明，或用 OpenSSL 驗證這個時間戳記。',
  },
  'other-json': { what: '這個檔案是 JSON，但不是存證證明。', handIn: '請交付隨文件附上的存證證明。' },
  'newer-version': { what: '這份存證證明的版本比這個驗證程式更新。', handIn: '請使用更新的驗證程式。' },
  'too-large': {
    what: '這個檔案比任何存證證明都大，可能誤交了其他檔案。',
    handIn: '請交付隨文件附上的存證證明，通常是 .json 或 .ots 檔案。',
  },
  damaged: {
    what: '這個檔案不符合存證證明的格式，可能在傳送時損壞，或是其他類型的檔案。',
    handIn: '請從原處重新取得存證證明，且不要用編輯器開啟。',
  },
};

/** What became of a file of which no finding tells. */
export const files: Language['files'] = {
  merged: (file) => `${file}：同一筆紀錄的另一份存證證明，已將兩者所載合併驗證。`,
  'other-document': (file) => `${file}：未採用，屬於另一份文件。`,
  'other-record': (file) => `${file}：未採用，屬於同一份文件的另一筆紀錄，請單獨驗證。`,
  'not-compared': (file) => `${file}：未採用，沒有可與之比對的內容。`,
  unreadable: (file) => `${file}：未採用，無法當作存證證明讀取。`,
  'salt-used': (file) => `${file}：使用了其中的隨機鹽值。`,
};
