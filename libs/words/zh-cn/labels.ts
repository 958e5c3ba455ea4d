import type { Language } from '../language.js';

/** What stands before the parts of an answer. */
export const labels: Language['labels'] = {
  content: '文件内容',
  when: '存在时间',
  who: '登记方',
  still: '目前是否有效',
  document: '文件',
  proof: '存证证明',
  record: '登记记录',
  kind: '记录类型',
  agency: '登记机构',
  reference: '机构编号',
  claims: '机构陈述的事项',
  received: '接收时间',
  sealed: '批次固化时间',
  findings: '核验项目',
  notes: '请注意',
  compare: '可自行比对',
  remedy: '您可以',
  detail: '技术细节',
};

/** How a check ended. */
export const outcomes: Language['outcomes'] = {
  passed: '通过',
  failed: '未通过',
  pending: '等待中',
  unavailable: '未能确认',
  'not-applicable': '未核验',
};

/** The verdict in a word or two. */
export const badges: Language['badges'] = {
  unreadable: '无法读取',
  mismatch: '不一致',
  'authentic-not-current': '未处于有效状态',
  unavailable: '未完成',
  pending: '等待中',
  authentic: '核验一致',
  'signer-unchecked': '签名方未核验',
  'test-only': '仅供测试',
};

/** Kinds of records. */
export const profiles: Language['profiles'] = {
  generic: '一般文件',
  licence: '证照',
  evidence: '电子证据',
  invoice: '电子发票',
  title: '不动产登记',
  company: '经营主体登记',
  identity: '签发密钥或信任清单',
  permit: '行政许可',
};
