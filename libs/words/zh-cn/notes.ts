import type { NoteWords } from '../note-words.js';

/** What is said beside an answer. */
export const notes: NoteWords = {
  innocentCauses: {
    're-saved': '文件被打开后重新保存或另行导出：即使文字未变，也会成为另一份文件。',
    screenshot: '该文件是截图或拍摄的照片。',
    messenger: '即时通信或邮件程序对文件做了压缩或转换。请以“文件”形式或放入压缩包发送。',
    printed: '文件经打印后再次扫描。',
    'signed-afterwards': '登记之后又添加了签名、印章或批注。',
    'line-endings': '该文件是文本文件，换行符在传送中被转换。',
  },
  'sealed-part': (bytes) => `登记时的版本是该文件（不含存证证明）的前 ${bytes} 字节。`,
  'no-document': '未比对文件：结论适用于摘要与登记相同的任何文件。',
  'test-chain': (chain) => `仅供测试：时间来自${chain}，在测试之外不具有证明效力。`,
  'foreign-chain': (chain) => `时间来自${chain}，此处未收录该链，其证明力取决于该链的运营者。`,
  'unnamed-chain': '各数据来源均无法确认该区块属于哪个比特币网络。在依据该时间之前，请在别处比对该区块。',
  'not-final': '证明该时间的区块尚未最终确认，仍可能被其所在的链替换。',
  'finality-unknown': '没有数据来源能够确认证明该时间的区块是否已最终确认。',
  'not-anchored': '目前尚无日志以外的依据证明其最迟存在时间。',
  'bad-anchors': (count, format) => `另有 ${format.number(count)} 项时间证明无效，结论不以其为依据。`,
  'open-anchors': (count, format) => `另有 ${format.number(count)} 项时间证明未能确认，结论不以其为依据。`,
  'log-word': (receivedAt, sealedAt) => `接收时间 ${receivedAt} 与批次固化时间 ${sealedAt} 仅为日志运营者的陈述。`,
  'agency-claimed': (agency) => `“${agency}”系证明中所称。任何人都可以运行日志并自称某机构。`,
  'not-the-content': '以上说明该文件此前已存在且未被改动，不说明文件内容属实。',
};
