import type { AnchorWords } from '../anchors/anchor-words.js';

/** What attests a time. */
export const anchors: AnchorWords = {
  titles: {
    none: '时间有日志以外的依据',
    unknown: '时间的证明方式此处不能识别',
  },
  none: {
    pending: '就该存证证明所载，其时间目前尚无日志以外的依据。',
    'too-many': (count) => `该存证证明还有 ${count} 项时间证明，超出核验的数量上限。`,
  },
  unsupported: (name) => `此处无法核验“${name}”类型的时间证明。`,
  subjects: { checkpoint: '日志的根', document: '取得时间证明的摘要' },
  anchoredIn: (chain) => `时间已锚定在${chain}`,
  block: '区块',
  suppliedBy: '数据来源',
  bound: (subject, block, time, clock) => `${subject}已写入${block}，因此不晚于 ${time} 已存在（${clock}）。`,
  alike: (count) => `共有 ${count} 项时间证明得出这一结果。`,
  bitcoin: {
    merkleRoot: '其默克尔根',
    steps: {
      file: '将 .ots 文件与文件放在一起，用任意 OpenTimestamps 程序核验：',
      block: (height) => `在任意区块浏览器中查看比特币区块 ${height} 的默克尔根，并与上方“登记信息”中的值比对。`,
    },
    promised: (calendar) => `日历服务 ${calendar} 已接收，并承诺将其写入比特币区块，通常需要数小时。`,
    'bad-timestamp': '该 OpenTimestamps 时间证明不符合规定格式，不能说明任何情况。',
    'bad-root': (block, bytes) => `所称的${block}的默克尔根为 ${bytes} 字节而非 32 字节，不能说明任何情况。`,
    'other-block': (subject, block, sources) => `${subject}不在${block}中：该区块的默克尔根不同（${sources}）。`,
    undecided: (subject, block, why) => `未能确认${subject}是否在${block}中：${why}。`,
  },
  evm: {
    genesis: '该链的创世区块',
    transaction: '交易',
    step: (height, chain) =>
      `在该链的任意浏览器或节点（URL）中查看 ${chain} 的区块 ${height} 的哈希，并与上方“登记信息”中的值比对：`,
    'bad-attestation': (chainId) => `链 ${chainId} 的时间证明本身无效，不能说明任何情况。`,
    'other-block': (subject, block, sources) =>
      `${block}与写入${subject}的区块不是同一区块：后者在链重组中丢失，或从未在链上（${sources}）。`,
    undecided: (subject, block, why) => `未能确认${block}是否为写入${subject}的区块：${why}。`,
  },
  rfc3161: {
    title: '时间由时间戳机构签署',
    place: (authority) => `${authority} 的时间戳，以该机构的时钟为准`,
    timeStamp: '时间戳',
    accuracy: '精度',
    rootCertificate: '根证书（SHA-256）',
    steps: {
      verify: '留存三个时间戳文件，从时间戳机构处取得其根证书（ROOT.pem），并用 OpenSSL 核验：',
      expired:
        '该机构的证书此后已到期，因此须向 OpenSSL 指明时间戳的时间。请留存三个时间戳文件，并取得该机构的根证书（ROOT.pem）：',
    },
    signed: (authority, time, accuracy) =>
      `${authority} 依其自身时钟于 ${time} 对日志检查点签署了时间戳${accuracy === null ? '' : `，误差不超过 ${accuracy}`}。`,
    trusted: (root) => `其根证书 ${root} 在此处受信任的根证书之列。`,
    expired: (at) => `该机构的证书此后已到期（${at}），这不影响时间戳的效力。`,
    revocationUnknown: '无法确认其证书当时是否已被吊销。',
    revokedLater: (at) => `其证书后来于 ${at} 被吊销，但吊销原因不影响该时间戳。`,
    'bad-token': '该时间戳无效，不能说明任何情况。',
    unsupported: '该时间戳使用了本版本不具备的算法，因此未予核验。',
    'no-crypto': '本页面未通过安全连接加载，浏览器因此不核验时间戳。',
    'no-verifier': '无法加载本页面用于核验时间戳的部分。',
    'no-roots': '未提供您信任的根证书，因此未能确认该机构是否可信。',
    'roots-unreachable': '无法获取受信任机构的名单，因此未能确认该机构是否可信。',
    'unknown-root': (root) => `其证书链指向 ${root}，不在受信任的根证书之列，因此未能确认该机构是否可信。`,
  },
  beacon: {
    block: '批次写入的区块',
    none: '批次未写入区块，因此只能证明最晚时间。',
    previousLog: (batches, root, format) =>
      `该批次是接续前一日志的新日志的首个批次，写入的不是区块，而是前一日志的末端状态（${format.number(batches)} 个批次，根为 ${root}），此处不予核验，因此只能证明最晚时间。`,
    passed: (block, time) => `批次写入了${block}的哈希，该哈希无人能够预知，因此批次的固化不早于 ${time}。`,
    'other-block': (block, sources) =>
      `批次写入的${block}在其链上的哈希不同（${sources}），因此无法说明批次的最早时间。这不影响最晚时间的证明。`,
    'unknown-chain': (block) => `批次写入了${block}，本版本无法核验。这不影响最晚时间的证明。`,
    'test-chain': (block, time) => `批次写入了${block}，其时间为 ${time}。`,
    undecided: (block, why) => `批次写入了${block}，未能确认：${why}。这不影响最晚时间的证明。`,
  },
};
