import type { PageWords } from '../page-words.js';

/** The service's own page. */
export const page: PageWords = {
  page: {
    title: '文件核验 · 印证 Sealroot',
    withoutScript: '本页面在您的设备上计算文件摘要，需要启用 JavaScript。',
    skip: '跳到核验区',
    brand: '公共存证平台',
    languages: '语言',
    heading: '文件核验',
    lead: '查验一份文件是否与政务机构登记时的文件完全一致，以及它最迟何时已经存在。',
    footer:
      '本页面及其信任的密钥均来自您正在访问的服务。每一项结论都可以不依赖本服务独立复核，方法见每次结果下方的“独立复核”。',
    footerLinks: { api: 'API 接口', log: '最新日志检查点' },
  },
  intake: {
    label: '文件及其存证证明（如有）',
    hint: '将文件拖放到此处。如果附有存证证明（.json 或 .ots），请一并拖入。',
    choose: '选择文件…',
    dropNow: '松开即可核验',
    privacy: '文件不会离开您的设备，仅用其数字摘要（指纹）进行查询。',
    files: '正在核验的文件',
    roles: { document: '文件', proof: '存证证明', ots: 'OpenTimestamps 证明' },
    remove: (name) => `移除 ${name}`,
    startOver: '核验另一份文件',
    addProof: '添加存证证明…',
    tooManyDocuments: '请每次核验一份文件：拖入一份文件及其存证证明（如有）。',
    tooManyProofs: '请每次只拖入一份存证证明。',
  },
  progress: {
    hashing: '正在您的设备上计算文件摘要',
    hashed: (done, total) => `${done} / ${total}`,
    searching: '正在查找登记记录',
    verifying: '正在核验存证证明',
    cancel: '取消',
  },
  needDocument: {
    title: '请再添加文件',
    text: '存证证明只对特定的一份文件有效。请拖入或选择与该存证证明对应的文件。',
  },
  choosing: {
    title: '该文件有多条登记记录',
    text: '请选择要核验的登记记录，最早的排在最前。',
    since: (date) => `接收于 ${date}`,
    more: (count) =>
      `登记记录不止这 ${count} 条，此处仅列出最早的。其他记录可凭其存证证明核验：请将存证证明与文件一并拖入。`,
  },
  notFound: {
    title: '未找到该文件的登记记录',
    text: '本服务没有与该文件完全一致的公开记录。这并不表示文件有问题。',
    reasons: [
      '如果您收到过存证证明（.json），请把它也一并拖入。证照等涉及个人的文件采用加盐登记（脱敏），只有凭存证证明才能找到。',
      '重新保存、打印为 PDF 或再次扫描都会产生不同的文件。请使用机构签发的文件本身。',
      '该文件可能登记在其他服务中。',
    ],
    digest: '该文件的 SHA-256 摘要',
    otsMatches:
      '您添加的 .ots 文件与该文件对应，可用任意 OpenTimestamps 程序核验；登记机构信息仅载于 .json 存证证明中。',
    otsDiffers: '您添加的 .ots 文件属于另一份文件。',
  },
  waiting: {
    title: '已接收，即将写入日志',
    text: '机构的登记已被接收，即将写入日志。本页面会自动刷新。',
  },
  unreachable: {
    title: '无法连接服务',
    text: '无法连接服务以查找登记记录，因此目前对该文件尚无结论。如果您有存证证明，请一并拖入：大部分核验无需服务即可完成。',
  },
  badDocument: {
    'no-hasher': {
      title: '此浏览器无法计算文件摘要',
      text: '浏览器不允许使用 WebAssembly，可能是启用了某种保护模式。请换用其他浏览器或命令行程序。',
    },
    'unreadable-file': {
      title: '无法读取该文件',
      text: '文件可能已被移动、更改，或仅保存在云端。请将其保存到本设备后重新选择。文件夹无法核验。',
    },
  },
  result: {
    region: '核验结果',
    withoutProof: '不使用存证证明，仅核验此文件',
    again: '重试',
    refreshing: '自动刷新',
    refreshed: '自您的存证证明生成以来，证明内容已有补充。可在下方下载新版。',
  },
  checks: {
    heading: '核验项目',
    summary: (passed, total) => `${total} 项中 ${passed} 项通过`,
    technical: '技术说明',
  },
  details: {
    heading: '详细信息与存证证明',
    identifiers: '登记信息',
    names: {
      id: '记录编号',
      agency: '机构',
      profile: '记录规范',
      receivedAt: '接收时间',
      logOrigin: '日志',
      logKey: '日志密钥',
      batch: '批次',
      sealedAt: '批次固化时间',
      position: '批次内位置',
      blinded: '加盐摘要',
    },
    digests: '该文件的摘要',
    claims: '机构陈述的事项',
    downloads: '请留存的存证证明',
    kept: {
      proof: '完整存证证明（.json）',
      ots: 'OpenTimestamps 证明（.ots）',
      'record-in-batch': '日志证明：记录在批次中',
      'batch-in-log': '日志证明：批次在日志中',
      checkpoint: '加盖时间戳的文本（.txt）',
      'time-stamp': '时间戳（.tsr）',
      'time-stamp-chain': '时间戳证书（.pem）',
    },
    repeat: '独立复核',
    repeatLead: '您不必信任本页面。以下步骤使用并非由我们编写的程序，或完全无需联网。',
    steps: {
      hash: '自行计算文件摘要，并与上方的摘要比对：',
      cli: '用开源命令行程序核验完整存证证明，数据来源由您选择（没有的可省略）：',
      noBlock: '锚定确认后，上述程序还会给出可在任意区块浏览器中比对的比特币区块。',
    },
    copy: '复制',
    copied: '已复制',
  },
};
