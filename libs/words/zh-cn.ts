import type { EvmAnchor } from '#proof/anchors/evm/finding.js';
import type { AnchorFinding, Subject } from '#proof/anchors/finding.js';
import type { BitcoinAnchor } from '#proof/anchors/opentimestamps/finding.js';
import type { Rfc3161Anchor, TimeStampFacts } from '#proof/anchors/rfc3161/finding.js';
import type { UndecidedReason } from '#proof/anchors/shown-facts.js';
import type {
  BeaconFinding,
  CompanionFinding,
  DocumentFinding,
  FormatFinding,
  LogKeyFinding,
  TimeContradiction,
  TimeRole,
  UnreadableKind,
  ValidityFinding,
} from '#proof/finding.js';
import type { When } from '#proof/verification.js';
import type { Finality, ShownBlock, Silence } from '#source/answer.js';
import type { Comparison } from './comparison.js';
import type { FileNote } from './file-note.js';
import type { Format } from './format.js';
import type { Headline, MismatchCause, UnavailableCause } from './headline.js';
import type { Answer, Language, Telling } from './language.js';
import { namedBeaconChain, namedEvmChain, type NamedChain } from './named-chain.js';
import { chainOf, type InnocentCause, type Note } from './note.js';
import type { Remedy } from './remedy.js';

/** Official Mandarin in simplified characters. */
export const zhCn: Language = {
  tag: 'zh-CN',
  locale: 'zh-CN',
  ownName: '简体中文',
  labels: {
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
  },
  outcomes: {
    passed: '通过',
    failed: '未通过',
    pending: '等待中',
    unavailable: '未能确认',
    'not-applicable': '未核验',
  },
  badges: {
    unreadable: '无法读取',
    mismatch: '不一致',
    'authentic-not-current': '不在有效期内',
    unavailable: '未完成',
    pending: '等待中',
    authentic: '核验一致',
    'signer-unchecked': '签名方未核验',
    'test-only': '仅供测试',
  },
  profiles: {
    generic: '一般文件',
    licence: '证照',
    evidence: '电子证据',
    invoice: '电子发票',
    title: '不动产登记',
    company: '经营主体登记',
    identity: '签发密钥或信任清单',
    permit: '许可',
  },
  headline,
  note,
  when,
  who: (who, record, telling) => {
    if (record === undefined) return { text: '未载明。', basis: ['OpenTimestamps 文件不记载由谁申请。'] };
    if (who === 'unchecked')
      return {
        text: '未核验。',
        basis: [`证明中所称的机构为 ${record.agency}，日志为 ${record.log}。任何人都可以运行日志并自称某机构。`],
      };
    return {
      text: `日志 ${record.log}，其所称的机构为 ${record.agency}。`,
      basis: [
        telling.place.kind === 'page'
          ? `其密钥与 ${telling.place.service} 公布的一致。记录属于该机构，系日志运营者的陈述。`
          : '其密钥在您信任的密钥之列。记录属于该机构，系日志运营者的陈述。',
      ],
    };
  },
  still: (still, record, { format }) => {
    switch (still.state) {
      case 'expired':
        return { text: `否，已于 ${format.date(still.since)} 到期。`, basis: ['该期限由机构在登记时载明。'] };
      case 'not-yet-valid':
        return { text: `尚未生效，自 ${format.date(still.from)} 起生效。`, basis: ['该期限由机构在登记时载明。'] };
      case 'unknown':
        return {
          text: '无法确认：该证明不反映登记之后的状态变化。',
          basis:
            record?.validUntil === undefined
              ? ['机构未载明有效期的截止时间。']
              : [`机构载明的有效期至 ${format.date(record.validUntil)}，其间仍可能被撤销。`],
        };
      default:
        return still satisfies never;
    }
  },
  title: (finding) => {
    switch (finding.check) {
      case 'format':
        return '存证证明可以读取';
      case 'document':
        return '文件与登记时的文件一致';
      case 'record-id':
        return '记录编号与声明对应';
      case 'batch-inclusion':
        return '记录在其批次中';
      case 'batch-checkpoint':
        return '批次已签名';
      case 'log-inclusion':
        return '批次在公开日志中';
      case 'log-checkpoint':
        return '日志已签名';
      case 'log-key':
        return '签名方是预期的日志';
      case 'anchor':
        return anchorTitle(finding);
      case 'beacon':
        return '批次不早于已知区块';
      case 'times':
        return '各时间互不矛盾';
      case 'validity':
        return '当前处于载明的有效期内';
      case 'carried':
        return '声明中本版本不核验的内容';
      case 'companion':
        return `另一份文件对应同一文件：${finding.file}`;
      default:
        return finding satisfies never;
    }
  },
  sentence: (finding, telling) => {
    const { format } = telling;
    switch (finding.check) {
      case 'format':
        return formatSentence(finding);
      case 'document':
        return documentSentence(finding);
      case 'record-id':
        return finding.outcome === 'passed'
          ? '记录编号由该声明唯一推算得出。'
          : `记录编号为 ${finding.id}，而由声明推算的编号为 ${finding.computed}。`;
      case 'batch-inclusion':
        if (finding.outcome === 'passed')
          return `哈希路径从该记录一直连接到批次 ${format.number(finding.batch)} 的根。`;
        return finding.reason === 'other-root'
          ? `哈希路径无法从该记录连接到批次 ${format.number(finding.batch)} 的根。`
          : `该记录的哈希路径与其在批次 ${format.number(finding.batch)} 中的位置不符。`;
      case 'batch-checkpoint':
        return finding.outcome === 'passed'
          ? '批次检查点载明同一个根，并带有日志的签名。'
          : checkpointFault('批次检查点', finding.reason);
      case 'log-inclusion':
        if (finding.outcome === 'passed')
          return `哈希路径从批次 ${format.number(finding.batch)} 一直连接到日志在 ${format.number(finding.size)} 个批次时的根。`;
        return finding.reason === 'other-root'
          ? `哈希路径无法从批次 ${format.number(finding.batch)} 连接到日志在 ${format.number(finding.size)} 个批次时的根。`
          : `批次 ${format.number(finding.batch)} 的哈希路径与 ${format.number(finding.size)} 个批次的日志不符。`;
      case 'log-checkpoint':
        return finding.outcome === 'passed'
          ? `日志在 ${format.number(finding.size)} 个批次时的检查点带有日志的签名。`
          : checkpointFault(`日志在 ${format.number(finding.size)} 个批次时的检查点`, finding.reason);
      case 'log-key':
        return logKeySentence(finding, telling);
      case 'anchor':
        return anchorSentence(finding, telling);
      case 'beacon':
        return beaconSentence(finding, format);
      case 'times':
        return finding.outcome === 'passed'
          ? '在时钟已知的误差范围内，各时间的先后顺序均可成立。'
          : finding.contradictions.map((item) => contradiction(item, format)).join('');
      case 'validity':
        return validitySentence(finding, format);
      case 'carried':
        return `随证明载明、未予核验：${finding.members.map((member) => CARRIED[member]).join('、')}。`;
      case 'companion':
        return companionSentence(finding);
      default:
        return finding satisfies never;
    }
  },
  remedy,
  comparison: (item, { format }) => comparison(item, format),
  fileNote,
  page: {
    page: {
      title: '文件核验 · 印证 Sealroot',
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
        block: '区块',
        merkleRoot: '其默克尔根',
        genesis: '该链的创世区块',
        transaction: '交易',
        timeStamp: '时间戳',
        accuracy: '精度',
        rootCertificate: '根证书（SHA-256）',
        beacon: '批次写入的区块',
        headerSource: '数据来源',
      },
      digests: '该文件的摘要',
      claims: '机构陈述的事项',
      downloads: '请留存的存证证明',
      downloadProof: '完整存证证明（.json）',
      downloadOts: 'OpenTimestamps 证明（.ots）',
      downloadRecordInBatch: '日志证明：记录在批次中',
      downloadBatchInLog: '日志证明：批次在日志中',
      downloadCheckpoint: '加盖时间戳的文本（.txt）',
      downloadTimeStamp: '时间戳（.tsr）',
      downloadTimeStampChain: '时间戳证书（.pem）',
      repeat: '独立复核',
      repeatLead: '您不必信任本页面。以下步骤使用并非由我们编写的程序，或完全无需联网。',
      steps: {
        hash: '自行计算文件摘要，并与上方的摘要比对：',
        ots: '将 .ots 文件与文件放在一起，用任意 OpenTimestamps 程序核验：',
        cli: '用开源命令行程序核验完整存证证明，数据来源由您选择（没有的可省略）：',
        block: (height) => `在任意区块浏览器中查看比特币区块 ${height} 的默克尔根，并与上方“登记信息”中的值比对。`,
        noBlock: '锚定确认后，上述程序还会给出可在任意区块浏览器中比对的比特币区块。',
        evm: (height, chain) =>
          `在该链的任意浏览器或节点（URL）中查看 ${chain} 的区块 ${height} 的哈希，并与上方“登记信息”中的值比对：`,
        timeStamp: '留存三个时间戳文件，从时间戳机构处取得其根证书（ROOT.pem），并用 OpenSSL 核验：',
        timeStampExpired:
          '该机构的证书此后已到期，因此须向 OpenSSL 指明时间戳的时间。请留存三个时间戳文件，并取得该机构的根证书（ROOT.pem）：',
      },
      copy: '复制',
      copied: '已复制',
    },
  },
};

function headline(told: Headline): { headline: string; sentence: string } {
  switch (told.verdict) {
    case 'unreadable':
      return { headline: '无法读取存证证明', sentence: `${UNREADABLE[told.kind]}这不涉及文件本身。` };
    case 'mismatch':
      return MISMATCH[told.because];
    case 'authentic-not-current': {
      const expired = told.still.state === 'expired';
      const subject = told.document ? '该文件与登记时的文件逐字节一致。' : '存证证明有效。';
      const state = expired ? '登记时载明的有效期已经结束。' : '登记时载明的有效期尚未开始。';
      const signer = told.who === 'unchecked' ? '登记方未经核验。' : '';
      return {
        headline: expired ? '核验一致，但已过有效期' : '核验一致，但尚未生效',
        sentence: `${subject}${state}${signer}`,
      };
    }
    case 'unavailable':
      return {
        headline: '暂时无法完成核验',
        sentence: told.document
          ? `该文件与存证证明逐字节一致。${UNAVAILABLE[told.because]}`
          : UNAVAILABLE[told.because],
      };
    case 'pending': {
      const subject = told.document ? '该文件与存证证明所指的文件逐字节一致。' : '存证证明就其现有内容而言有效。';
      const time = told.promised
        ? '日历服务已承诺将其时间锚定到比特币区块链，通常需要数小时；在此之前，其时间尚无日志以外的依据。'
        : '其时间目前尚无日志以外的依据。';
      const signer = told.who === 'unchecked' ? '登记方未经核验。' : '';
      return { headline: '已登记，等待区块链锚定', sentence: `${subject}${time}${signer}` };
    }
    case 'authentic':
      return { headline: authenticHeadline(told), sentence: authenticSentence(told) };
    default:
      return told satisfies never;
  }
}

function authenticHeadline({ document, of, who, worth }: Extract<Headline, { verdict: 'authentic' }>): string {
  if (worth === 'test') return document ? '核验一致，但时间仅由测试链证明' : '存证证明有效，但时间仅由测试链证明';
  if (of === 'file') return document ? '不晚于下列时间已存在；未载明登记方' : '时间证明有效；未比对文件';
  if (who === 'unchecked')
    return document ? '核验一致，不晚于下列时间已存在；签名方未经核验' : '存证证明有效；签名方未经核验，且未比对文件';
  return document ? '核验一致' : '存证证明有效；未比对文件';
}

function authenticSentence({ document, of, who, worth }: Extract<Headline, { verdict: 'authentic' }>): string {
  const subject = !document
    ? '存证证明有效，适用于摘要与之相同的文件。'
    : of === 'file'
      ? '该文件与取得时间证明时的文件逐字节一致。'
      : '该文件与登记时的文件逐字节一致。';
  const signer =
    of === 'file'
      ? '其中未载明由谁申请。'
      : who === 'unchecked'
        ? '登记方未经核验：任何人都可以运行日志并自称某机构。'
        : '签名属于预期的日志。';
  return `${subject}${AUTHENTIC_TIME[worth]}${signer}`;
}

const AUTHENTIC_TIME = {
  public: '其时间已有日志以外的依据。',
  test: '其时间仅由测试链证明，在测试之外不具有证明效力。',
  foreign: '其时间由此处未收录的链证明，证明力取决于该链的运营者。',
  unnamed: '其时间由某条链证明，但各数据来源均无法确认是哪一条链。',
} as const;

const MISMATCH: Record<MismatchCause, { headline: string; sentence: string }> = {
  'line-endings': {
    headline: '文件与证明不符',
    sentence: '文字内容相同，但换行符被转换（CRLF 与 LF），因而成为另一份文件。文本文件在不同系统之间传送时常会如此。',
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
};

const UNAVAILABLE: Record<UnavailableCause, string> = {
  'no-salt': '该记录为加盐登记（脱敏），使他人无法推测文件内容；而所用的存证证明不含随机盐值。',
  'other-algorithm': '未提供该记录所用算法的摘要，因此未比对文件。',
  signer: '无法获取预期日志的密钥，因此未核验签名方。',
  contradicted: '各数据来源对其时间的说法相互矛盾，因此未作结论。这不说明文件有问题。',
  outage: '核验所需的某项数据目前无法获取。这不说明文件有问题。',
  'test-chain': '其时间仅由测试链证明，而测试链不予采信。',
  unsupported: '其时间的证明方式是本版本无法核验的。这不说明文件有问题。',
  'nothing-given': '未提供可用来核验其时间的数据来源。这不说明文件有问题。',
};

const UNREADABLE: Record<UnreadableKind, string> = {
  empty: '该文件是空的，可能没有完整保存或发送。',
  html: '该文件是网页，不是存证证明，可能误存了报错页或登录页。',
  pdf: '该文件是 PDF，不是存证证明，可能误将文件当作存证证明提交。',
  zip: '该文件是压缩包，不是存证证明；存证证明可能在其中。',
  'utf-16': '该文件是 UTF-16 文本，可能被编辑器另存为该编码。',
  'byte-order-mark': '该文件以字节顺序标记（BOM）开头，可能是编辑器在保存时添加的。',
  base64: '该文件是 base64 文本，可能是从邮件中取出而未解码。',
  hex: '该文件是十六进制文本，可能由某个程序以该形式输出。',
  'cut-short': '该文件不完整，可能在下载或传送中被截断。',
  receipt: '该文件是回执：受理记录时出具的凭条，承诺将给出存证证明，并非存证证明本身。',
  'signed-note': '该文件是日志的签名检查点，是存证证明的一部分，并非完整的存证证明。',
  'time-stamp': '该文件是时间戳机构的时间戳，是存证证明的一部分，并非完整的存证证明。',
  'other-json': '该文件是 JSON，但不是存证证明。',
  'newer-version': '该存证证明的版本高于本核验程序所支持的版本。',
  'too-large': '该文件大于任何存证证明，可能误提交了其他文件。',
  damaged: '该文件不符合存证证明的格式，可能在传送中损坏，或是其他类型的文件。',
};

const INNOCENT: Record<InnocentCause, string> = {
  're-saved': '文件被打开后重新保存或另行导出：即使文字未变，也会成为另一份文件。',
  screenshot: '该文件是截图或拍摄的照片。',
  messenger: '即时通信或邮件程序对文件做了压缩或转换。请以“文件”形式或放入压缩包发送。',
  printed: '文件经打印后再次扫描。',
  'signed-afterwards': '登记之后又添加了签名、印章或批注。',
  'line-endings': '该文件是文本文件，换行符在传送中被转换。',
};

const CARRIED = {
  agencySignature: '机构自身的签名',
  supersedes: '本记录所替代的记录',
  provenance: '文件的形成过程',
} as const;

const FINALITY: Record<Finality, string> = {
  final: '该区块已最终确认。',
  confirmed: '该区块尚未最终确认，仍可能被其所在的链替换。',
  unknown: '无法确认该区块是否已最终确认。',
};

const SILENCE: Record<Silence['reason'], string> = {
  unreachable: '无法连接',
  contradicted: '其自身的数据来源相互矛盾',
  'unknown-chain': '未说明属于哪条链',
  'no-such-block': '没有该高度的区块',
  'bad-answer': '答复不可能正确',
  'other-chain': '属于另一条链',
  unpinned: '区块头文件，无法确认属于该链',
};

const UNDECIDED: Record<UndecidedReason, string> = {
  contradicted: '各数据来源相互矛盾',
  absent: '据各数据来源，该链尚无该高度的区块',
  'no-answer': '没有数据来源给出可用的答复',
  'not-asked': '没有可查询的数据来源',
};

const TIME_ROLES: Record<TimeRole, string> = {
  received: '日志所称的接收时间',
  sealed: '日志所称的批次固化时间',
  beacon: '批次写入的区块的时间',
  anchor: '锚定的时间',
  now: '当前时间',
};

function note(told: Note, { format }: Telling): string {
  switch (told.note) {
    case 'innocent-cause':
      return INNOCENT[told.cause];
    case 'no-document':
      return '未比对文件：结论适用于摘要与登记相同的任何文件。';
    case 'test-chain':
      return `仅供测试：时间来自${chainName(told.chain)}，在测试之外不具有证明效力。`;
    case 'foreign-chain':
      return `时间来自${chainName(told.chain)}，此处未收录该链，其证明力取决于该链的运营者。`;
    case 'unnamed-chain':
      return '各数据来源均无法确认该区块属于哪个比特币网络。在依据该时间之前，请在别处比对该区块。';
    case 'not-final':
      return '证明该时间的区块尚未最终确认，仍可能被其所在的链替换。';
    case 'finality-unknown':
      return '没有数据来源能够确认证明该时间的区块是否已最终确认。';
    case 'times-contradict':
      return contradiction(told.contradiction, format);
    case 'not-anchored':
      return '目前尚无日志以外的依据证明其最迟存在时间。';
    case 'bad-anchors':
      return `另有 ${format.number(told.count)} 项时间证明无效，结论不以其为依据。`;
    case 'open-anchors':
      return `另有 ${format.number(told.count)} 项时间证明未能确认，结论不以其为依据。`;
    case 'log-word':
      return `接收时间 ${format.date(told.receivedAt)} 与批次固化时间 ${format.date(told.sealedAt)} 仅为日志运营者的陈述。`;
    case 'agency-claimed':
      return `“${told.agency}”系证明中所称。任何人都可以运行日志并自称某机构。`;
    case 'not-the-content':
      return '以上说明该文件此前已存在且未被改动，不说明文件内容属实。';
    default:
      return told satisfies never;
  }
}

function when({ contradicted, notAfter, notBefore }: When, pending: boolean, { format }: Telling): Answer {
  const basis: string[] = [];
  if (notAfter !== undefined) basis.push(`依据：${boundPlace(notAfter.by, format)}。`);
  if (notBefore !== undefined)
    basis.push(`批次的固化不早于 ${format.date(notBefore.time)}，因其写入了${boundPlace(notBefore.by, format)}。`);
  if (contradicted) basis.push('各时间相互矛盾：至少有一处时钟有误，但无法确认是哪一处。');
  if (notAfter !== undefined)
    return {
      text:
        notAfter.subject.kind === 'document'
          ? `不晚于 ${format.date(notAfter.time)}。`
          : `登记不晚于 ${format.date(notAfter.time)}。`,
      basis,
    };
  return { text: pending ? '目前尚无日志以外的依据。' : '未能证明：各项时间证明均未能确认。', basis };
}

function boundPlace(
  by: NonNullable<When['notAfter']>['by'] | NonNullable<When['notBefore']>['by'],
  format: Format,
): string {
  const chain = chainOf(by);
  if (chain === null || !('height' in by))
    return `${'authority' in by ? by.authority : ''} 的时间戳，以该机构的时钟为准`;
  return `${blockName(chain, by.height, format)}（${clockOf(chain)}）`;
}

function clockOf(chain: NamedChain): string {
  return chain.kind === 'bitcoin' ? '矿工设定的时间，可能有两小时偏差' : '出块节点时间';
}

function chainName(chain: NamedChain): string {
  switch (chain.kind) {
    case 'bitcoin':
      return chain.network === null || chain.network === 'mainnet' ? '比特币区块链' : `比特币 ${chain.network} 测试链`;
    case 'known':
      return `链 ${chain.id}（${chain.name}）`;
    case 'test':
      return `开发测试链（链 ${chain.id}）`;
    case 'impostor':
      return `使用 ${chain.name} 的编号（${chain.id}）但并非该链的链`;
    case 'numbered':
      return `链 ${chain.id}`;
    case 'other':
      return `链“${chain.text}”`;
    default:
      return chain satisfies never;
  }
}

/** “比特币第 840,000 号区块”、“链 1（Ethereum）的第 5 号区块”. */
function blockName(chain: NamedChain, height: number, format: Format): string {
  return chain.kind === 'bitcoin' && (chain.network === null || chain.network === 'mainnet')
    ? `比特币第 ${format.number(height)} 号区块`
    : `${chainName(chain)}的第 ${format.number(height)} 号区块`;
}

function silences(silent: readonly Silence[]): string {
  if (silent.length === 0) return '';
  return `未计入：${silent.map(({ reason, source }) => `${source}（${SILENCE[reason]}）`).join('、')}。`;
}

function shown(blocks: readonly ShownBlock[], format: Format): string {
  return blocks.map(({ hash, sources, timeMs }) => `${sources.join('、')}：${hash}，${format.date(timeMs)}`).join('；');
}

function formatSentence(finding: FormatFinding): string {
  if (finding.outcome === 'failed') return UNREADABLE[finding.reason];
  return finding.format === 'opentimestamps'
    ? '该文件是 OpenTimestamps 文件，且完全符合规定格式。'
    : '存证证明完整，且完全符合规定格式。';
}

function documentSentence(finding: DocumentFinding): string {
  switch (finding.outcome) {
    case 'passed':
      return finding.blinded
        ? '文件的摘要与随机盐值合并计算后，与登记的加盐摘要相同。'
        : '文件的摘要与登记的摘要相同。';
    case 'failed':
      if (finding.reason === 'line-endings')
        return '文件的摘要与登记的摘要不同，但同一文字改用另一种换行符后与之相同。';
      return finding.blinded
        ? '文件的摘要与随机盐值合并计算后，与登记的加盐摘要不同。'
        : `文件的摘要为 ${finding.digest}（${finding.algorithm}），登记的摘要为 ${finding.recorded}。`;
    case 'unavailable':
      return finding.reason === 'no-salt'
        ? '登记的是加盐摘要，而该存证证明不含随机盐值。'
        : `该记录载有以下算法的摘要：${finding.recorded.join('、')}；而未提供其中任何一种。`;
    case 'not-applicable':
      return '未提供文件，因此没有比对。';
    default:
      return finding satisfies never;
  }
}

function checkpointFault(
  subject: string,
  reason: 'other-origin' | 'other-size' | 'other-root' | 'other-key-name' | 'bad-signature' | 'not-signed',
): string {
  switch (reason) {
    case 'other-origin':
      return `${subject}属于另一日志。`;
    case 'other-size':
      return `${subject}载明的数量不同。`;
    case 'other-root':
      return `${subject}载明的根不同。`;
    case 'other-key-name':
      return `${subject}与存证证明中密钥所属的日志不同。`;
    case 'bad-signature':
      return `${subject}的签名不符：它被改动，或由他人签名。`;
    case 'not-signed':
      return `${subject}没有日志的签名。`;
    default:
      return reason satisfies never;
  }
}

function logKeySentence(finding: LogKeyFinding, { place }: Telling): string {
  switch (finding.outcome) {
    case 'passed':
      return place.kind === 'page'
        ? `签名密钥与 ${place.service} 公布的一致，仅由本页面所属服务自行担保。`
        : '签名密钥在您信任的密钥之列。';
    case 'failed':
      return place.kind === 'page' ? `签名密钥与 ${place.service} 公布的不一致。` : '签名密钥不在您信任的密钥之列。';
    case 'unavailable':
      return place.kind === 'page'
        ? `无法获取 ${place.service} 的密钥，因此未核验签名方。`
        : '无法获取用于比对的密钥，因此未核验签名方。';
    case 'not-applicable':
      return '未核验签名方：没有提供用于比对的密钥。';
    default:
      return finding satisfies never;
  }
}

function anchorTitle(finding: AnchorFinding): string {
  switch (finding.kind) {
    case 'none':
      return '时间有日志以外的依据';
    case 'unknown':
      return '时间的证明方式此处不能识别';
    case 'bitcoin':
      return `时间已锚定在${'network' in finding ? chainName({ kind: 'bitcoin', network: finding.network }) : '比特币区块链'}`;
    case 'evm':
      return `时间已锚定在${'genesis' in finding ? chainName(namedEvmChain(finding)) : `链 ${finding.chainId}`}`;
    case 'rfc3161':
      return '时间由时间戳机构签署';
    default:
      return finding satisfies never;
  }
}

function anchorSentence(finding: AnchorFinding, { format }: Telling): string {
  const subject = SUBJECTS[finding.subject.kind];
  switch (finding.kind) {
    case 'none':
      return finding.outcome === 'pending'
        ? '就该存证证明所载，其时间目前尚无日志以外的依据。'
        : `该存证证明还有 ${format.number(finding.count)} 项时间证明，超出核验的数量上限。`;
    case 'unknown':
      return `此处无法核验“${finding.name}”类型的时间证明。`;
    case 'bitcoin':
      return bitcoinSentence(finding, subject, format);
    case 'evm':
      return evmSentence(finding, subject, format);
    case 'rfc3161':
      return stampSentence(finding, format);
    default:
      return finding satisfies never;
  }
}

/** What an anchor binds. Of a bare file it is a digest: whether that is the document's is for another line to say. */
const SUBJECTS: Record<Subject['kind'], string> = {
  checkpoint: '日志的根',
  document: '取得时间证明的摘要',
};

function bitcoinSentence(finding: BitcoinAnchor, subject: string, format: Format): string {
  switch (finding.outcome) {
    case 'passed':
    case 'unavailable': {
      if (finding.outcome === 'unavailable' && finding.reason !== 'test-chain')
        return `未能确认${subject}是否在${blockName(BITCOIN, finding.height, format)}中：${UNDECIDED[finding.reason]}。${finding.blocks.length === 0 ? '' : `所示区块：${shown(finding.blocks, format)}。`}${silences(finding.silent)}`;
      const chain: NamedChain = { kind: 'bitcoin', network: finding.network };
      return `${finding.outcome === 'unavailable' ? NOT_COUNTED : ''}${subject}已写入${blockName(chain, finding.height, format)}，因此不晚于 ${format.date(finding.time)} 已存在（${clockOf(chain)}）。${FINALITY[finding.finality]}数据来源：${finding.sources.join('、')}。${silences(finding.silent)}`;
    }
    case 'pending':
      return `日历服务 ${finding.calendar} 已接收，并承诺将其写入比特币区块，通常需要数小时。`;
    case 'failed':
      switch (finding.reason) {
        case 'bad-timestamp':
          return '该 OpenTimestamps 时间证明不符合规定格式，不能说明任何情况。';
        case 'bad-root':
          return `所称的${blockName(BITCOIN, finding.height, format)}的默克尔根为 ${format.number(finding.bytes)} 字节而非 32 字节，不能说明任何情况。`;
        case 'other-block':
          return `${subject}不在${blockName(BITCOIN, finding.height, format)}中：该区块的默克尔根不同（${finding.got.sources.join('、')}）。${silences(finding.silent)}`;
        default:
          return finding satisfies never;
      }
    default:
      return finding satisfies never;
  }
}

const BITCOIN: NamedChain = { kind: 'bitcoin', network: null };
const NOT_COUNTED = '测试链不予采信，故未计入：';

function evmSentence(finding: EvmAnchor, subject: string, format: Format): string {
  if (finding.outcome === 'failed' && finding.reason === 'bad-attestation')
    return `链 ${finding.chainId} 的时间证明本身无效，不能说明任何情况。`;
  const chain = namedEvmChain(finding);
  const block = blockName(chain, finding.height, format);
  switch (finding.outcome) {
    case 'passed':
    case 'unavailable':
      if (finding.outcome === 'unavailable' && finding.reason !== 'test-chain')
        return `未能确认${block}是否为写入${subject}的区块：${UNDECIDED[finding.reason]}。${finding.blocks.length === 0 ? '' : `所示区块：${shown(finding.blocks, format)}。`}${silences(finding.silent)}`;
      return `${finding.outcome === 'unavailable' ? NOT_COUNTED : ''}${subject}已写入${block}，因此不晚于 ${format.date(finding.time)} 已存在（${clockOf(chain)}）。${FINALITY[finding.finality]}数据来源：${finding.sources.join('、')}。${silences(finding.silent)}`;
    case 'failed':
      return `${block}与写入${subject}的区块不是同一区块：后者在链重组中丢失，或从未在链上（${finding.got.sources.join('、')}）。${silences(finding.silent)}`;
    default:
      return finding satisfies never;
  }
}

function stampSentence(finding: Rfc3161Anchor, format: Format): string {
  if (finding.outcome === 'failed') return '该时间戳无效，不能说明任何情况。';
  if (finding.outcome === 'passed') {
    const expired = finding.expired
      ? `该机构的证书此后已到期（${format.date(finding.expiresAt)}），这不影响时间戳的效力。`
      : '';
    const revocation =
      finding.revocation === 'unknown'
        ? '无法确认其证书当时是否已被吊销。'
        : finding.revokedLater === null
          ? ''
          : `其证书后来于 ${format.date(finding.revokedLater)} 被吊销，但吊销原因不影响该时间戳。`;
    return `${signed(finding, format)}其根证书 ${finding.top.name} 在此处受信任的根证书之列。${expired}${revocation}`;
  }
  switch (finding.reason) {
    case 'unsupported':
      return '该时间戳使用了本版本不具备的算法，因此未予核验。';
    case 'no-crypto':
      return '本页面未通过安全连接加载，浏览器因此不核验时间戳。';
    case 'no-verifier':
      return '无法加载本页面用于核验时间戳的部分。';
    case 'no-roots':
      return `${signed(finding, format)}未提供您信任的根证书，因此未能确认该机构是否可信。`;
    case 'roots-unreachable':
      return `${signed(finding, format)}无法获取受信任机构的名单，因此未能确认该机构是否可信。`;
    case 'unknown-root':
      return `${signed(finding, format)}其证书链指向 ${finding.top.name}，不在受信任的根证书之列，因此未能确认该机构是否可信。`;
    default:
      return finding satisfies never;
  }
}

function signed({ accuracyMs, authority, genTime }: TimeStampFacts, format: Format): string {
  const accuracy = accuracyMs === null ? '' : `，误差不超过 ${format.span(accuracyMs)}`;
  return `${authority} 依其自身时钟于 ${format.date(genTime)} 对日志检查点签署了时间戳${accuracy}。`;
}

function beaconSentence(finding: BeaconFinding, format: Format): string {
  if (finding.outcome === 'not-applicable')
    return 'reason' in finding
      ? `该批次是接续前一日志的新日志的首个批次，写入的不是区块，而是前一日志的末端状态（${format.number(finding.size)} 个批次，根为 ${finding.root}），此处不予核验，因此只能证明最晚时间。`
      : '批次未写入区块，因此只能证明最晚时间。';
  const block = blockName(namedBeaconChain(finding.chain), finding.height, format);
  switch (finding.outcome) {
    case 'passed':
      return `批次写入了${block}的哈希，该哈希无人能够预知，因此批次的固化不早于 ${format.date(finding.time)}。数据来源：${finding.sources.join('、')}。${silences(finding.silent)}`;
    case 'failed':
      return `批次写入的${block}在其链上的哈希不同（${finding.got.sources.join('、')}），因此无法说明批次的最早时间。这不影响最晚时间的证明。${silences(finding.silent)}`;
    case 'unavailable':
      if (finding.reason === 'unknown-chain') return `批次写入了${block}，本版本无法核验。这不影响最晚时间的证明。`;
      if (finding.reason === 'test-chain')
        return `测试链不予采信，故未计入：批次写入了${block}，其时间为 ${format.date(finding.time)}。数据来源：${finding.sources.join('、')}。`;
      return `批次写入了${block}，未能确认：${UNDECIDED[finding.reason]}。这不影响最晚时间的证明。${finding.blocks.length === 0 ? '' : `所示区块：${shown(finding.blocks, format)}。`}${silences(finding.silent)}`;
    default:
      return finding satisfies never;
  }
}

function contradiction({ earlier, later, toleranceMs }: TimeContradiction, format: Format): string {
  const allowed = toleranceMs === 0 ? '' : `已计入时钟之间 ${format.span(toleranceMs)} 的允许偏差。`;
  return `${TIME_ROLES[earlier.role]}（${format.date(earlier.time)}）不应晚于${TIME_ROLES[later.role]}（${format.date(later.time)}），实际却晚于后者：至少有一处时钟有误。${allowed}`;
}

function validitySentence(finding: ValidityFinding, format: Format): string {
  switch (finding.outcome) {
    case 'not-applicable':
      return '机构未载明有效期。';
    case 'passed':
      if (finding.validUntil === undefined)
        return '当前处于机构载明的有效期内，未设截止时间。此后是否被撤销，不在此项核验之列。';
      return `当前处于机构载明的有效期内，截止时间为 ${format.date(finding.validUntil)}。此后是否被撤销，不在此项核验之列。`;
    case 'failed':
      return finding.reason === 'expired'
        ? `机构载明的有效期已于 ${format.date(finding.validUntil)} 结束。`
        : `机构载明的有效期自 ${format.date(finding.validFrom)} 开始。`;
    default:
      return finding satisfies never;
  }
}

function companionSentence(finding: CompanionFinding): string {
  switch (finding.outcome) {
    case 'passed':
      return '它对应同一文件，所证明的内容与其他各项一并列出。';
    case 'failed':
      return finding.blinded
        ? '它属于另一份文件。其记录只有加盐摘要，看不出是哪一份。'
        : `它属于另一份文件，其摘要（${finding.algorithm}）为 ${finding.recorded}。`;
    case 'unavailable':
      if (finding.reason === 'another-proof')
        return `它是另一份存证证明，其记录（${finding.id}）对应同一文件。其余内容未予核验，请单独核验。`;
      return finding.reason === 'unreadable'
        ? `未予核验。${UNREADABLE[finding.kind]}`
        : '未予核验：所提供的文件形式无法与之比对。';
    default:
      return finding satisfies never;
  }
}

const HAND_IN: Record<UnreadableKind, string> = {
  empty: '请从原处重新获取存证证明。',
  html: '请重新打开链接，如需登录请先登录，再保存存证证明本身。',
  pdf: '请提交随文件附上的存证证明，通常为 .json 或 .ots 文件。',
  zip: '请解压后提交其中的存证证明。',
  'utf-16': '请另存为 UTF-8，或重新获取存证证明且不用编辑器打开。',
  'byte-order-mark': '请另存为不带字节顺序标记的 UTF-8，或重新获取存证证明且不用编辑器打开。',
  base64: '请从邮件程序中保存附件，或先将文本解码。',
  hex: '请以文件形式重新获取存证证明，或先将文本解码。',
  'cut-short': '请重新获取存证证明，并以“文件”形式或放入压缩包发送。',
  receipt: '请向服务或机构获取回执所列记录的存证证明。',
  'signed-note': '请提交随文件附上的存证证明，通常为 .json 或 .ots 文件。',
  'time-stamp': '请提交随文件附上的存证证明，或用 OpenSSL 核验该时间戳。',
  'other-json': '请提交随文件附上的存证证明。',
  'newer-version': '请使用更新的核验程序。',
  'too-large': '请提交随文件附上的存证证明，通常为 .json 或 .ots 文件。',
  damaged: '请从原处重新获取存证证明，且不用编辑器打开。',
};

function remedy(told: Remedy, { place }: Telling): string {
  const page = place.kind === 'page';
  switch (told.remedy) {
    case 'hand-in-proof':
      return HAND_IN[told.kind];
    case 'use-original':
      return '请使用机构签发的文件本身：重新下载，或请对方以“文件”形式或放入压缩包发送。';
    case 'restore-line-endings':
      return '请使用签发时的文件（以二进制方式或放入压缩包传送），或将换行符转换回来。';
    case 'give-document':
      return page ? '请添加文件，以便比对。' : '请提供文件本身，以便比对。';
    case 'give-digest':
      return page
        ? '请添加文件本身。'
        : `请提供文件本身，或用 --digest 提供以下任一算法的摘要：${told.algorithms.join('、')}。`;
    case 'give-salt':
      return page
        ? '请添加文件持有人收到的存证证明，其中含有随机盐值。'
        : '请使用文件持有人收到的存证证明，或将 FILE.sealroot-salt.json 与文件放在一起，或用 --salt 提供随机盐值。';
    case 'get-proof-again':
      return '请从原处或向服务重新获取存证证明。';
    case 'renew-proof':
      return '请稍后重新获取存证证明，新版将补齐所缺内容。';
    case 'ask-whose-log':
      return '请向机构询问其在哪个服务登记文件，以及该服务公布的密钥。';
    case 'pin-log-key':
      return page ? '请将该密钥与服务运营者公布的密钥比对。' : '请从服务运营者处取得密钥，并用 --log-key 提供。';
    case 'try-later':
      return page ? '请稍后重试，或按下方提示自行比对。' : '请稍后重试、查询其他数据来源，或按下方提示自行比对。';
    case 'newer-verifier':
      return '更新版本的本程序或其他程序或许能够核验。';
    case 'ask-independent-source':
      return page
        ? '请按下方提示在您信任的地方自行比对。'
        : '请查询您信任的数据来源（例如自有节点），或按下方提示自行比对。';
    case 'give-source':
      if (page) return '请按下方提示在任意区块浏览器中自行比对。';
      return told.chain === 'bitcoin'
        ? '请用 --bitcoin-rpc、--esplora 或 --headers 提供数据来源，或按下方提示自行比对。'
        : '请用 --evm-rpc 提供该链的节点，或按下方提示自行比对。';
    case 'pin-headers':
      return page
        ? '请按下方提示在任意区块浏览器中自行比对。'
        : '请使用从创世区块开始的区块头文件，或用 --pin-block HEIGHT:HASH 指明其中您确知正确的区块，或按下方提示自行比对。';
    case 'wait-for-block':
      return '请在数小时后重新获取存证证明：区块产生后，新版会予以载明。';
    case 'secure-connection':
      return '请通过 https 地址打开本页面，或用 OpenSSL 或命令行程序核验该时间戳。';
    case 'reload':
      return '请重新加载页面。';
    case 'give-root':
      return page
        ? '请将根证书的指纹与该机构公布的指纹比对。'
        : '请将根证书的指纹与该机构公布的指纹比对，然后用 --tsa-root 提供该证书。';
    case 'rely-on-neither':
      return '请勿单独依据其中任何一个时间。摘要与签名不受影响。';
    case 'ask-for-newer':
      return '请向机构询问该文件是否已换发。';
    case 'hand-in-fitting':
      return '请移除该文件，或提交与本文件对应的那一份。';
    default:
      return told satisfies never;
  }
}

function comparison(item: Comparison, format: Format): { what: string; where: string } {
  switch (item.compare) {
    case 'merkle-root':
      return {
        what: `${blockName(item.chain, item.height, format)}的默克尔根`,
        where: '该链的任意区块浏览器或节点',
      };
    case 'block-hash':
      return {
        what: `${blockName(item.chain, item.height, format)}的哈希`,
        where: '该链的任意区块浏览器或节点',
      };
    case 'genesis':
      return { what: `${chainName(item.chain)}的创世区块的哈希`, where: '该链的任意区块浏览器或节点' };
    case 'root-certificate':
      return { what: `证书 ${item.name} 的 SHA-256 指纹`, where: '该机构公布的指纹' };
    case 'log-key':
      return { what: '日志密钥', where: '服务运营者公布的密钥' };
    case 'digest':
      return { what: `证明中的摘要（${item.algorithm}）`, where: '用任意程序算出的文件摘要' };
    default:
      return item satisfies never;
  }
}

function fileNote({ file, note: fate }: FileNote): string {
  switch (fate) {
    case 'merged':
      return `${file}：同一记录的另一份存证证明，已将两者所载合并核验。`;
    case 'other-document':
      return `${file}：未采用，属于另一份文件。`;
    case 'other-record':
      return `${file}：未采用，属于同一文件的另一条记录，请单独核验。`;
    case 'not-compared':
      return `${file}：未采用，没有可与之比对的内容。`;
    case 'unreadable':
      return `${file}：未采用，无法作为存证证明读取。`;
    case 'salt-used':
      return `${file}：使用了其中的随机盐值。`;
    default:
      return fate satisfies never;
  }
}
