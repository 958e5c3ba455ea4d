import type { Language } from '../language.js';

/** What a file is that is no readable proof, and what to hand in instead. */
export const unreadable: Language['unreadable'] = {
  empty: { what: '该文件是空的，可能没有完整保存或发送。', handIn: '请从原处重新获取存证证明。' },
  html: {
    what: '该文件是网页，不是存证证明，可能误存了报错页或登录页。',
    handIn: '请重新打开链接，如需登录请先登录，再保存存证证明本身。',
  },
  pdf: {
    what: '该文件是 PDF，不是存证证明，可能误将文件当作存证证明提交。',
    handIn: '请提交随文件附上的存证证明，通常为 .json 或 .ots 文件。',
  },
  zip: { what: '该文件是压缩包，不是存证证明；存证证明可能在其中。', handIn: '请解压后提交其中的存证证明。' },
  'utf-16': {
    what: '该文件是 UTF-16 文本，可能被编辑器另存为该编码。',
    handIn: '请另存为 UTF-8，或重新获取存证证明且不用编辑器打开。',
  },
  'byte-order-mark': {
    what: '该文件以字节顺序标记（BOM）开头，可能是编辑器在保存时添加的。',
    handIn: '请另存为不带字节顺序标记的 UTF-8，或重新获取存证证明且不用编辑器打开。',
  },
  base64: {
    what: '该文件是 base64 文本，可能是从邮件中取出而未解码。',
    handIn: '请从邮件程序中保存附件，或先将文本解码。',
  },
  hex: {
    what: '该文件是十六进制文本，可能由某个程序以该形式输出。',
    handIn: '请以文件形式重新获取存证证明，或先将文本解码。',
  },
  'cut-short': {
    what: '该文件不完整，可能在下载或传送中被截断。',
    handIn: '请重新获取存证证明，并以“文件”形式或放入压缩包发送。',
  },
  receipt: {
    what: '该文件是回执：受理记录时出具的凭条，承诺将给出存证证明，并非存证证明本身。',
    handIn: '请向服务或机构获取回执所列记录的存证证明。',
  },
  'signed-note': {
    what: '该文件是日志的签名检查点，是存证证明的一部分，并非完整的存证证明。',
    handIn: '请提交随文件附上的存证证明，通常为 .json 或 .ots 文件。',
  },
  'time-stamp': {
    what: '该文件是时间戳机构的时间戳，是存证证明的一部分，并非完整的存证证明。',
    handIn: '请提交随文件附上的存证证明，或用 OpenSSL 核验该时间戳。',
  },
  'other-json': { what: '该文件是 JSON，但不是存证证明。', handIn: '请提交随文件附上的存证证明。' },
  'newer-version': { what: '该存证证明的版本高于本核验程序所支持的版本。', handIn: '请使用更新的核验程序。' },
  'too-large': {
    what: '该文件大于任何存证证明，可能误提交了其他文件。',
    handIn: '请提交随文件附上的存证证明，通常为 .json 或 .ots 文件。',
  },
  damaged: {
    what: '该文件不符合存证证明的格式，可能在传送中损坏，或是其他类型的文件。',
    handIn: '请从原处重新获取存证证明，且不用编辑器打开。',
  },
};

/** What became of a file of which no finding tells. */
export const files: Language['files'] = {
  merged: (file) => `${file}：同一记录的另一份存证证明，已将两者所载合并核验。`,
  'other-document': (file) => `${file}：未采用，属于另一份文件。`,
  'other-record': (file) => `${file}：未采用，属于同一文件的另一条记录，请单独核验。`,
  'not-compared': (file) => `${file}：未采用，没有可与之比对的内容。`,
  unreadable: (file) => `${file}：未采用，无法作为存证证明读取。`,
  'salt-used': (file) => `${file}：使用了其中的随机盐值。`,
};
