import type { AuditWords } from '../audit-words.js';

const WHO = '可能是服务提供的内容未经其签名，也可能是内容在传输途中被改动。';

/** 对日志的审计结果。 */
export const audit: AuditWords = {
  signature: {
    notSigned: (key, signers) =>
      `最新的检查点没有日志公钥 ${key} 对应的签名，只有以 ${signers} 的名义所作的签名。可能是日志已用另一公钥重新建立，也可能是应答者并非原来的服务。` +
      '如运营方确认公钥已更换，请为该日志另用一个状态文件进行审计。',
    wrong: (key) => `最新的检查点以日志公钥 ${key} 的名义所作的签名有误。`,
  },
  fork: (before, now) =>
    `日志出现两种历史：日志签名的 ${before} 个批次的检查点与 ${now} 个批次的检查点不能同时为真。两份检查点合在一起，任何人均可据此查明。`,
  rollback: (before, now) =>
    `服务现在显示的日志有 ${now} 个批次，此前显示过 ${before} 个批次。可能是服务以旧的检查点应答，也可能是日志的一部分已经丢失。`,
  otherLog: (before, now) =>
    `服务现在显示的是日志 ${now}，此前显示的是日志 ${before}。请为新的日志另用一个状态文件进行审计。`,
  logTiles: (size) => `由服务提供的哈希值无法算得 ${size} 个批次的已签名检查点中的根。${WHO}`,
  logEntry: (batch) => `服务提供的批次 ${batch} 的条目不是已签名日志中的条目。${WHO}`,
  batchRoot: (batch) => `由服务提供的批次 ${batch} 的各条目无法算得该批次的根，其后的内容无法检查。${WHO}`,
  entry: {
    malformed: (batch) => `日志为批次 ${batch} 所载的内容不是批次条目，其后的内容无法检查。`,
    number: (batch, got) => `日志的批次 ${batch} 自称为批次 ${got}。`,
    first: (batch, expected, got) => `批次 ${batch} 载明此前有 ${got} 个条目，实际为 ${expected} 个。`,
    origin: (batch, expected, got) => `批次 ${batch} 载明属于日志 ${got}，前一批次属于日志 ${expected}。`,
    time: (batch, before, got) => `批次 ${batch} 载明写入时间为 ${got}，早于前一批次的 ${before}。`,
  },
  event: {
    malformed: (event) => `条目 ${event} 具有状态变更的形式，但无法按状态变更读取。`,
    'not-yet-there': (event) => `状态变更 ${event} 涉及当时尚未写入日志的条目。`,
    'touched-range': (event, record) => `状态变更 ${event} 同时涉及多个记录，其中记录 ${record} 的状态此前已经变更。`,
    previous: (event, record, expected, got) =>
      `记录 ${record} 的状态变更 ${event} 载明前一项变更为${got === null ? '“无”' : ` ${got}`}，实际为${expected === null ? '“无”' : ` ${expected}`}。`,
    'consumed-twice': (event, record, before) => `记录 ${record} 被核销两次：见条目 ${before} 和条目 ${event}。`,
    transition: (event, record, from, to) =>
      `记录 ${record} 的状态变更 ${event} 由“${from}”变为“${to}”，规则不允许这样变更。`,
  },
  statusRoot: (batch) =>
    `批次 ${batch} 所载的整体状态与日志中各项变更得出的状态不一致：遗漏了某项变更，或者多出了某项内容。`,
  unsentEvent: (record, event, status, effectiveAt) =>
    `日志载有记录 ${record} 的一项并非由本方发出的变更：${status}，自 ${effectiveAt} 起生效（条目 ${event}）。`,
  missingEvent: (record, includeBy) =>
    `${record === null ? '多个记录' : `记录 ${record} `}的一项变更曾获承诺在 ${includeBy} 之前写入日志，但日志中没有。回执载明了该承诺。`,
  missingRecord: (record) => `服务查无记录 ${record}，而本方持有该记录的回执。`,
  recordPlace: (record) => `记录 ${record} 不在服务所称的日志位置。`,
  result: {
    passed: (origin, batches, entries) =>
      `未发现日志 ${origin} 的问题：已检查 ${batches} 个批次，共 ${entries} 个条目。`,
    found: (count) => `发现的问题：${count} 项。`,
    undecided: '审计未能完成：有内容无法取得或无法读取。这不说明日志有问题。',
    unchecked: '未核对签名者：请用 --log-key 给出日志的公钥。',
  },
};
