import type { CheckCode } from '#proof/verdict.js';
import type { CheckWords } from './catalogue.js';
import { zhCnAnchor, zhCnBeacon } from './zh-cn-anchors.js';

/** Every check of the proof library, in Simplified Chinese, by its code. */
export const zhCnChecks: Record<CheckCode, CheckWords> = {
  format: {
    title: '证明可以读取',
    sentences: {
      passed: '证明完整，且完全符合规定格式。',
      failed: '证明不符合规定格式：已损坏或被改动。',
      pending: '尚未读取证明。',
      unavailable: '无法读取证明。',
      'not-applicable': '没有可读取的证明。',
    },
  },
  document: {
    title: '文件与登记的文件一致',
    sentences: {
      passed: '在您的设备上算出的摘要与登记的摘要相同。',
      failed: '在您的设备上算出的摘要与登记的摘要不同。',
      pending: '尚未比对文件。',
      unavailable: ({ reason }) =>
        reason === 'no-salt'
          ? '登记的摘要是隐藏的，而该证明缺少持有人证明文件中的密钥（“盐”）。'
          : '缺少该记录所需的摘要，无法比对文件。',
      'not-applicable': '未提供文件，因此没有比对。',
    },
  },
  'record-id': {
    title: '记录编号与声明对应',
    sentences: {
      passed: '记录编号由该声明唯一推算得出。',
      failed: '记录编号与该声明推算的结果不符。',
      pending: '尚未比对记录编号。',
      unavailable: '无法比对记录编号。',
      'not-applicable': '没有可比对的记录编号。',
    },
  },
  'batch-inclusion': {
    title: '记录在已封存的批次中',
    sentences: {
      passed: '哈希链从该记录一直连接到批次的根。',
      failed: '哈希链无法从该记录连接到批次的根。',
      pending: '批次尚未封存。',
      unavailable: '无法读取批次，因此未核验记录在其中的位置。',
      'not-applicable': '没有可核验的批次。',
    },
  },
  'batch-checkpoint': {
    title: '批次已签名',
    sentences: {
      passed: '批次检查点载明同一个根，并带有日志的签名。',
      failed: '批次检查点载明的根不同，或其签名错误。',
      pending: '批次尚未签名。',
      unavailable: '无法读取批次检查点。',
      'not-applicable': '批次没有自己的检查点。',
    },
  },
  'log-inclusion': {
    title: '批次在公开日志中',
    sentences: {
      passed: '哈希链从该批次一直连接到公开日志的根。',
      failed: '哈希链无法从该批次连接到公开日志的根。',
      pending: '批次尚未加入日志。',
      unavailable: '无法读取日志，因此未核验批次在其中的位置。',
      'not-applicable': '没有可核验的日志。',
    },
  },
  'log-checkpoint': {
    title: '日志已签名',
    sentences: {
      passed: '日志检查点带有日志的签名。',
      failed: '日志检查点上的签名错误。',
      pending: '日志检查点尚未签名。',
      unavailable: '无法读取日志检查点。',
      'not-applicable': '没有可核验的检查点。',
    },
  },
  'log-key': {
    title: '签名方是预期的日志',
    sentences: {
      passed: '签名密钥与本服务公布的一致，仅由本页面所属服务自行担保。',
      failed: '签名密钥与本服务公布的不一致。',
      pending: '尚未比对签名密钥。',
      unavailable: '无法获取服务的密钥，因此未核验签名方。',
      'not-applicable': '未核验签名方：无法获取服务的密钥进行比对。',
    },
    statuses: { 'not-applicable': '未核验' },
  },
  anchor: zhCnAnchor,
  beacon: zhCnBeacon,
  validity: {
    title: '登记处于有效期内',
    sentences: {
      passed: '今天处于机构声明的有效期内。',
      failed: ({ reason }) =>
        reason === 'not-yet-valid' ? '机构声明的有效期尚未开始。' : '机构声明的有效期已经结束。',
      pending: '尚未核查登记是否有效。',
      unavailable: '无法得知登记是否有效。',
      'not-applicable': '机构未声明有效期。',
    },
  },
};
