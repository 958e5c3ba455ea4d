import type { CommandLineWords } from '../command-line.js';
import { audit } from './audit.js';

/** What is said on the command line alone. */
export const commandLine: CommandLineWords = {
  audit,
  packs: {
    valid: (headers, from, to, chain) =>
      `${headers} 个区块头依次相连，工作量均符合要求：${chain}第 ${from} 号至第 ${to} 号区块。`,
    fetched: (file, { added, chain, from, newest, to }) =>
      `${file}：${chain}第 ${from} 号至第 ${to} 号区块，本次新增 ${added} 个；最新区块为 ${newest}。`,
    same: (block) => `${block}与文件中的一致。`,
    another: (block) => `${block}与文件中的不一致。`,
    undecided: (block, why) => `无法确认${block}是否正确：${why}。`,
    newestUndecided: (why) => `无法确认最新的区块：${why}。`,
    unheard: '并非所有指定的数据来源都显示该区块',
    cutShort: (file, bytes) => `${file}：末尾有不完整的区块头（${bytes}），已删除。`,
    reorganised: (file, headers, from, to) =>
      `${file}：该链发生重组，第 ${from} 号至第 ${to} 号区块已不在链上，其 ${headers} 个区块头已被替换。`,
    followedTo: (block) => `已沿新的分支续至${block}。`,
    noMoreWork: (file, block) =>
      `${file}：各数据来源显示的${block}与文件中的不同，但其后的工作量并不多于文件所载。未作任何改动，请在下一个区块产生后重试。`,
    sourcesEnd: (block, wanted) => `数据来源的最新区块是${block}，尚无第 ${wanted} 号区块。`,
    rows: { network: '网络', start: '起始', end: '末尾', headers: '区块头', work: '工作量', targets: '难度目标' },
    origin: {
      genesis: '该链的创世区块',
      pinned: '与 --start 给出的一致',
      unknown: '并非创世区块：其可信程度取决于提供者，除非另行比对（--start）',
    },
    size: (headers, bytes) => `${headers} 个，连同文件头共 ${bytes}`,
    work: (hashes, log2) => `预期哈希次数 ${hashes}，即 2^${log2}`,
    targets: { checked: '符合该网络的规则', unchecked: '未检查：该网络的规则允许例外' },
  },
  evidence: {
    wrote: (file) => `已写入 ${file}。`,
    exported: (count, folder) => `已将 ${count} 个文件写入 ${folder}。`,
    unchanged: (file) => `${file} 已包含全部内容。`,
    taken: (file, what) => `${file}：该名称已被占用，未写入任何内容。${what}`,
    there: {
      'no-file': '占用该名称的不是文件。',
      'other-timestamp': '占用该名称的是另一份文件的 OpenTimestamps 文件，或该文件已损坏。',
      'not-holding': '占用该名称的是同一记录的存证证明，但该证明无效。',
      'other-record': '占用该名称的是记录编号相同的另一份存证证明。',
      'other-history': '占用该名称的是同一记录的存证证明，但所载的日志历史不同，请将两份都保留。',
      'too-large-together': '占用该名称的是同一记录的存证证明，两者合并后过大。',
      'shows-more': '占用该名称的是同一条目的日志证明，且所载内容更多。',
      'no-proof-inside': '占用该名称的是未内嵌存证证明的文件。',
      'other-document-inside': '占用该名称的是内嵌存证证明的另一份文件。',
      'other-proof-inside': '其中内嵌的存证证明无法与本证明合并。',
    },
    inputThere: (file) => `占用该名称的是 ${file}，即生成新文件时所读取的文件。`,
    proofThere: (record) => `占用该名称的是记录 ${record} 的存证证明。`,
    embedding: {
      'unknown-kind': (file) =>
        `${file} 既不是 PDF 也不是 ZIP 文件。请将存证证明与文件放在一起，或使用 --container 将两者一并放入一个 ZIP 文件。`,
      'no-end': (file) =>
        `${file} 的结尾不符合其格式，可能已损坏。请将存证证明与文件放在一起，或使用 --container 将两者一并放入一个 ZIP 文件。`,
      signed: (file) =>
        `${file} 带有签名，内嵌后签名将不再覆盖全部内容；据反映，签名不允许改动时 Acrobat 会拒绝打开这类文件。请将存证证明与文件放在一起，或使用 --container 将两者一并放入一个 ZIP 文件，或使用 --signed。`,
      embedded: (file) => `${file} 已内嵌存证证明。如需更新，请直接给出该文件。`,
      'too-large': (file) => `存证证明过大，无法内嵌于 ${file}。请将存证证明与文件放在一起。`,
    },
    code: {
      tooLarge: (file) => `${file} 过长，此类二维码无法容纳：请在固化前缩短文本，或使用 --no-text 不写入文本。`,
      noText: (file) =>
        `${file} 不是二维码可以容纳的文本（UTF-8、无隐藏字符、数行以内）。可使用 --no-text 不写入文本。`,
    },
    noSalt: '无法比对文件：其摘要经过加盐，而该存证证明中没有随机盐值。',
    noProof: (file, what) => `${file} 无法作为存证证明读取。${what}`,
    notHolding: (record) => `记录 ${record} 的存证证明无效。`,
    otherThanAsked: (record, got) => `服务提供的不是记录 ${record} 的存证证明，而是 ${got} 的。`,
    unknown: (file, service) => `服务 ${service} 查无 ${file} 的记录。`,
    needsSalt: '加盐登记的文件须有随机盐值才能查到（--salt，或与文件放在一起的盐值文件）。',
    several: (count, more, oldest, others) =>
      `该摘要有${more ? '超过 ' : ' '}${count} 条记录，取最早的一条：${oldest}。${others.length === 0 ? '' : `其他记录：${others.join(' ')}`}`,
    notSealed: (record) => `记录 ${record} 所在的批次尚未固化，请稍后重试。`,
    noTimestamp: {
      'no-sha256': 'OpenTimestamps 文件需要 SHA-256 摘要，该记录没有。',
      'no-attestation': 'OpenTimestamps 文件需要日历服务的证明，该存证证明尚无此项。',
      'too-deep': '从文件到区块的路径过长，OpenTimestamps 程序无法读取。',
      'wrong-document': '该文件或随机盐值与存证证明不符。',
    },
    notSealedInTime: '在等待时间内批次未固化。',
    notAnchoredInTime: '在等待时间内没有锚定得到确认；存证证明按现状保留。',
    passedOver: (file) => `${file}：未采用，既不是文件也不是文件夹。`,
    failed: (what, why) => `未成功：${what}：${why}`,
    rejected: (why) => `服务未受理：${why}`,
    otherTerms: (reference, record) => `编号 ${reference} 已属于记录 ${record}，而该记录的内容不同`,
    submitted: {
      accepted: (accepted, of, service, earlier) =>
        `${service} 已受理 ${of} 份文件中的 ${accepted} 份${earlier > 0 ? `（其中 ${earlier} 份此前已受理）` : ''}`,
      amount: (megabytes, seconds) => `共 ${megabytes} MB，用时 ${seconds} 秒`,
      receipts: (folder) => `回执存于 ${folder}`,
      proofs: (count) => `已写入 ${count} 份存证证明`,
      proofElsewhere: (usual, path) => `${usual} 已存在，且不是该记录的存证证明，未作改动。存证证明已写入 ${path}。`,
      failed: (count) => `${count} 份未成功`,
      stopped: (accepted, of, folder) =>
        `已中止：${of} 份文件中的 ${accepted} 份已有回执，存于 ${folder}。再次运行同一命令即可继续。`,
    },
    pageDigest: '提供该页面的服务会将此摘要登记在其日志中，可在该服务中查询。',
    changed: (record, status, includeBy, receipt) => `${record}  ${status}  最迟于 ${includeBy} 写入日志  ${receipt}`,
  },
  failures: {
    usage: '命令用法有误。',
    'bad-data': '有文件不符合应有的格式。',
    'no-input': '有文件无法读取。',
    'cannot-create': '有文件无法写入。',
    unavailable: '未能取得所需的内容。',
    protocol: '对方的应答不符合约定。',
    refused: '请求未被受理，或内容核验不通过。',
    'no-permission': '服务未接受该密钥或令牌。',
    'no-credential': '未找到密钥或令牌。',
    'bad-setting': '有设置无法使用。',
    'not-found': '查无此项。',
    'not-ready': '尚未就绪。',
    software: '本程序出错。',
  },
};
