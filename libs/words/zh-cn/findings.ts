import type { FindingSentences, TitleWords } from '../finding-words.js';
import { signatures } from './signatures.js';

/** What checks are about, as claims. */
export const titles: TitleWords = {
  format: '存证证明可以读取',
  document: '文件与登记时的文件一致',
  'record-id': '记录编号与声明对应',
  'batch-inclusion': '记录在其批次中',
  'batch-checkpoint': '批次已签名',
  'log-inclusion': '批次在公开日志中',
  'log-checkpoint': '日志已签名',
  'log-key': '签名方是预期的日志',
  'agency-signature': '记录由机构自身的密钥签名',
  authorisation: '接收记录时，该密钥属于该机构',
  beacon: '批次不早于已知区块',
  'status-root': '状态涵盖该检查点之前的全部日志',
  'status-leaf': '日志载明该记录的状态',
  'status-history': '该记录的状态变更历史完整',
  'event-signature': '状态变更由机构自身的密钥签名',
  'event-authorisation': '接收变更时，该密钥属于该机构',
  cosignature: '该检查点在已知时间为最新',
  'status-age': '状态在时限之内',
  times: '各时间互不矛盾',
  validity: '处于载明的有效期内',
  carried: '声明中本版本不核验的内容',
  companion: (file) => `另一份文件对应同一文件：${file}`,
};

/** What checks found. */
export const sentences: FindingSentences = {
  format: {
    proof: '存证证明完整，且完全符合规定格式。',
    opentimestamps: '该文件是 OpenTimestamps 文件，且完全符合规定格式。',
  },
  document: {
    same: '文件的摘要与登记的摘要相同。',
    sameBlinded: '文件的摘要与随机盐值合并计算后，与登记的加盐摘要相同。',
    differs: (digest, algorithm, recorded) => `文件的摘要为 ${digest}（${algorithm}），登记的摘要为 ${recorded}。`,
    differsBlinded: '文件的摘要与随机盐值合并计算后，与登记的加盐摘要不同。',
    lineEndings: '文件的摘要与登记的摘要不同，但同一文字改用另一种换行符后与之相同。',
    sameInside: (bytes) => `该文件内含自身的存证证明；除去证明后，其中的文件为 ${bytes} 字节。`,
    appended: (sealedBytes) =>
      `该文件的内容多于登记时的文件：其前 ${sealedBytes} 字节（不含存证证明）与登记的摘要相符，整个文件则不符。`,
    noSalt: '登记的是加盐摘要，而该存证证明不含随机盐值。',
    otherAlgorithm: (recorded) => `该记录载有以下算法的摘要：${recorded}；而未提供其中任何一种。`,
    notGiven: '未提供文件，因此没有比对。',
  },
  recordId: {
    passed: '记录编号由该声明唯一推算得出。',
    failed: (id, computed) => `记录编号为 ${id}，而由声明推算的编号为 ${computed}。`,
  },
  batchInclusion: {
    passed: (batch) => `哈希路径从该记录一直连接到批次 ${batch} 的根。`,
    'other-root': (batch) => `哈希路径无法从该记录连接到批次 ${batch} 的根。`,
    'bad-path': (batch) => `该记录的哈希路径与其在批次 ${batch} 中的位置不符。`,
  },
  logInclusion: {
    passed: (batch, size) => `哈希路径从批次 ${batch} 一直连接到日志在 ${size} 个批次时的根。`,
    'other-root': (batch, size) => `哈希路径无法从批次 ${batch} 连接到日志在 ${size} 个批次时的根。`,
    'bad-path': (batch, size) => `批次 ${batch} 的哈希路径与 ${size} 个批次的日志不符。`,
  },
  batchCheckpoint: '批次检查点载明同一个根，并带有日志的签名。',
  logCheckpoint: (size) => `日志在 ${size} 个批次时的检查点带有日志的签名。`,
  checkpointFaults: {
    ofBatch: '批次检查点',
    ofLog: (size) => `日志在 ${size} 个批次时的检查点`,
    'other-origin': (checkpoint) => `${checkpoint}属于另一日志。`,
    'other-size': (checkpoint) => `${checkpoint}载明的数量不同。`,
    'other-root': (checkpoint) => `${checkpoint}载明的根不同。`,
    'other-key-name': (checkpoint) => `${checkpoint}与存证证明中密钥所属的日志不同。`,
    'bad-signature': (checkpoint) => `${checkpoint}的签名不符：它被改动，或由他人签名。`,
    'not-signed': (checkpoint) => `${checkpoint}没有日志的签名。`,
  },
  logKey: {
    passed: {
      yours: '签名密钥在您信任的密钥之列。',
      page: (service) => `签名密钥与 ${service} 公布的一致，仅由本页面所属服务自行担保。`,
    },
    failed: {
      yours: '签名密钥不在您信任的密钥之列。',
      page: (service) => `签名密钥与 ${service} 公布的不一致。`,
    },
    unavailable: {
      yours: '无法获取用于比对的密钥，因此未核验签名方。',
      page: (service) => `无法获取 ${service} 的密钥，因此未核验签名方。`,
    },
    'not-applicable': '未核验签名方：没有提供用于比对的密钥。',
  },
  ...signatures,
  times: {
    passed: '在时钟已知的误差范围内，各时间的先后顺序均可成立。',
    contradiction: (earlier, later) =>
      `${earlier.role}（${earlier.time}）不应晚于${later.role}（${later.time}），实际却晚于后者：至少有一处时钟有误。`,
    allowed: (span) => `已计入时钟之间 ${span} 的允许偏差。`,
    roles: {
      received: '日志所称的接收时间',
      sealed: '日志所称的批次固化时间',
      beacon: '批次写入的区块的时间',
      anchor: '锚定的时间',
      status: '状态所截至的时间',
      now: '当前时间',
    },
  },
  validity: {
    notStated: '机构未载明有效期。',
    noEnd: '处于机构载明的有效期内，未设截止时间。此后是否被撤销，不在此项核验之列。',
    until: (until) => `处于机构载明的有效期内，截止时间为 ${until}。此后是否被撤销，不在此项核验之列。`,
    expired: (until) => `机构载明的有效期已于 ${until} 结束。`,
    'not-yet-valid': (from) => `机构载明的有效期自 ${from} 开始。`,
    'not-yet-recorded': (receivedAt) => `当时日志中尚无该记录：其接收时间为 ${receivedAt}。`,
  },
  carried: {
    sentence: (members) => `随证明载明、未予核验：${members}。`,
    members: {
      supersedes: '本记录所替代的记录',
      provenance: '文件的形成过程',
    },
  },
  companion: {
    passed: '它对应同一文件，所证明的内容与其他各项一并列出。',
    otherDocument: (algorithm, recorded) => `它属于另一份文件，其摘要（${algorithm}）为 ${recorded}。`,
    otherDocumentBlinded: '它属于另一份文件。其记录只有加盐摘要，看不出是哪一份。',
    anotherProof: (id) => `它是另一份存证证明，其记录（${id}）对应同一文件。其余内容未予核验，请单独核验。`,
    unreadable: '未予核验。',
    notComparable: '未予核验：所提供的文件形式无法与之比对。',
  },
};
