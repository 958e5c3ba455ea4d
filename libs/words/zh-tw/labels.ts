import type { Language } from '../language.js';

/** What stands before the parts of an answer. */
export const labels: Language['labels'] = {
  content: '檔案內容',
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
};

/** How a check ended. */
export const outcomes: Language['outcomes'] = {
  passed: '通過',
  failed: '未通過',
  pending: '等待中',
  unavailable: '無法確認',
  'not-applicable': '未驗證',
};

/** The verdict in a word or two. */
export const badges: Language['badges'] = {
  unreadable: '無法讀取',
  mismatch: '不相符',
  'authentic-not-current': '不在有效期間',
  unavailable: '未完成',
  pending: '等待中',
  authentic: '驗證相符',
  'signer-unchecked': '未驗證簽章者',
  'test-only': '僅供測試',
};

/** Kinds of records. */
export const profiles: Language['profiles'] = {
  generic: '一般文件',
  licence: '證照',
  evidence: '電子證據',
  invoice: '電子發票',
  title: '不動產登記',
  company: '商業登記',
  identity: '簽發金鑰或信任清單',
  permit: '許可',
};
