import type { HeadlineWords } from '../headline-words.js';

/** What comes first, and the sentence below it. */
export const headlines: HeadlineWords = {
  unreadable: { headline: '无法读取存证证明', aside: '这不涉及文件本身。' },
  mismatch: {
    'line-endings': {
      headline: '文件与证明不符',
      sentence:
        '文字内容相同，但换行符被转换（CRLF 与 LF），因而成为另一份文件。文本文件在不同系统之间传送时常会如此。',
    },
    appended: {
      headline: '文件与证明不符：登记之后增加了内容',
      sentence: '登记时的版本仍完整保留在该文件的前一部分。增加的内容不在存证证明范围之内，并可能改变所显示的内容。',
    },
    document: {
      headline: '文件与证明不符',
      sentence: '该文件不是存证证明所指的文件。原因往往是无意的，见下方列表。机构签发的文件本身可以核验一致。',
    },
    proof: {
      headline: '证明无效',
      sentence: '存证证明自相矛盾，因此不能说明该文件的任何情况。证明可能已损坏或被改动。',
    },
    signer: {
      headline: '签名方不是预期的日志',
      sentence: '存证证明由预期之外的日志签名，可能来自其他服务。',
    },
    companion: {
      headline: '一并提交的文件与证明不符',
      sentence: '存证证明与该文件对应，但一并提交的另一份文件属于其他文件。',
    },
    anchor: {
      headline: '证明无效',
      sentence: '存证证明所称的时间依据不在其应在之处，且没有其他内容证明其时间。',
    },
  },
  notCurrent: {
    expired: { headline: '核验一致，但已过有效期', sentence: '登记时载明的有效期已经结束。' },
    'not-yet-valid': { headline: '核验一致，但尚未生效', sentence: '登记时载明的有效期尚未开始。' },
    'not-yet-recorded': { headline: '当时尚未登记', sentence: '在所查询的时间，日志中尚无该记录。' },
    revoked: { headline: '核验一致，但已被撤销', sentence: '机构在登记之后撤销了该记录。' },
    suspended: { headline: '核验一致，但已中止', sentence: '目前处于中止状态。' },
    superseded: { headline: '核验一致，但已被取代', sentence: '已有新记录取代该记录。' },
    consumed: { headline: '核验一致，但已核销', sentence: '该记录只能使用一次。' },
  },
  unavailable: {
    headline: '暂时无法完成核验',
    because: {
      'no-salt': '该记录为加盐登记（脱敏），使他人无法推测文件内容；而所用的存证证明不含随机盐值。',
      'other-algorithm': '未提供该记录所用算法的摘要，因此未比对文件。',
      stale: '证明中的状态已过时限，无法确认目前是否有效。这不说明文件有问题。',
      signer: '无法获取预期日志的密钥，因此未核验签名方。',
      'status-ahead': '证明中的状态所称的时间尚未到来，无法据以确认目前是否有效。这不说明文件有问题。',
      contradicted: '各数据来源对其时间的说法相互矛盾，因此未作结论。这不说明文件有问题。',
      outage: '核验所需的某项数据目前无法获取。这不说明文件有问题。',
      'test-chain': '其时间仅由测试链证明，而测试链不予采信。',
      unsupported: '其时间的证明方式是本版本无法核验的。这不说明文件有问题。',
      'nothing-given': '未提供可用来核验其时间的数据来源。这不说明文件有问题。',
    },
  },
  pending: {
    headline: '已登记，等待区块链锚定',
    promised: '日历服务已承诺将其时间锚定到比特币区块链，通常需要数小时；在此之前，其时间尚无日志以外的依据。',
    notPromised: '其时间目前尚无日志以外的依据。',
  },
  authentic: {
    headlines: {
      test: { document: '核验一致，但时间仅由测试链证明', noDocument: '存证证明有效，但时间仅由测试链证明' },
      file: { document: '不晚于下列时间已存在；未载明登记方', noDocument: '时间证明有效；未比对文件' },
      unchecked: {
        document: '核验一致，不晚于下列时间已存在；签名方未经核验',
        noDocument: '存证证明有效；签名方未经核验，且未比对文件',
      },
      log: { document: '核验一致', noDocument: '存证证明有效；未比对文件' },
    },
    time: {
      public: '其时间已有日志以外的依据。',
      test: '其时间仅由测试链证明，在测试之外不具有证明效力。',
      foreign: '其时间由此处未收录的链证明，证明力取决于该链的运营者。',
      unnamed: '其时间由某条链证明，但各数据来源均无法确认是哪一条链。',
    },
    signer: {
      file: '其中未载明由谁申请。',
      unchecked: '登记方未经核验：任何人都可以运行日志并自称某机构。',
      agency: '由机构自身的密钥签名，且日志此前已登记该密钥。',
      log: '签名属于预期的日志。',
    },
  },
  subject: {
    registered: '该文件与登记时的文件逐字节一致。',
    timeStamped: '该文件与取得时间证明时的文件逐字节一致。',
    inProof: '该文件与存证证明所指的文件逐字节一致。',
    matches: '该文件与存证证明逐字节一致。',
    apartFromProof: '除内含的存证证明外，该文件与登记时的文件逐字节一致。',
    holds: '存证证明有效。',
    holdsSoFar: '存证证明就其现有内容而言有效。',
    holdsForAny: '存证证明有效，适用于摘要与之相同的文件。',
  },
  signerUnchecked: '登记方未经核验。',
};
