import type { AnswerWords } from '../answer-words.js';

/** When, who, still. */
export const answers: AnswerWords = {
  content: {
    same: '与登记时的文件逐字节一致。',
    notGiven: '未比对：未提供文件。',
    undecided: '未能比对。',
  },
  when: {
    notAfter: { document: (time) => `不晚于 ${time}。`, checkpoint: (time) => `登记不晚于 ${time}。` },
    pending: '目前尚无日志以外的依据。',
    undecided: '未能证明：各项时间证明均未能确认。',
    shownBy: (place) => `依据：${place}。`,
    notBefore: (time, place) => `批次的固化不早于 ${time}，因其写入了${place}。`,
    contradicted: '各时间相互矛盾：至少有一处时钟有误，但无法确认是哪一处。',
    block: (block, clock) => `${block}（${clock}）`,
  },
  who: {
    notStated: { text: '未载明。', basis: 'OpenTimestamps 文件不记载由谁申请。' },
    unchecked: {
      text: '未核验。',
      basis: (agency, log) => `证明中所称的机构为 ${agency}，日志为 ${log}。任何人都可以运行日志并自称某机构。`,
    },
    agency: {
      text: (agency) => `${agency}：由机构自身的密钥签名，该密钥当时已获授权。`,
      basis: (log) => `密钥属于该机构，由日志 ${log} 的运营者登记。签名本身只有密钥的持有者才能作出。`,
    },
    log: {
      text: (agency, log) => `${agency}（据日志 ${log} 所载）。`,
      basis: {
        yours: '其密钥在您信任的密钥之列。记录经该机构的接口密钥提交；记录属于该机构，系日志运营者的陈述。',
        page: (service) =>
          `其密钥与 ${service} 公布的一致。记录经该机构的接口密钥提交；记录属于该机构，系日志运营者的陈述。`,
      },
    },
  },
  still: {
    expired: { text: (since) => `否，已于 ${since} 到期。`, basis: '该期限由机构在登记时载明。' },
    'not-yet-valid': { text: (from) => `尚未生效，自 ${from} 起生效。`, basis: '该期限由机构在登记时载明。' },
    'not-yet-recorded': {
      text: (from) => `当时尚无该记录，日志的接收时间为 ${from}。`,
      basis: '该时间仅为日志运营者的陈述。',
    },
    askedAt: (time) => `以上为 ${time} 的情况，并非当前情况。`,
    unknown: {
      text: '无法确认：该证明不反映登记之后的状态变化。',
      noEnd: '机构未载明有效期的截止时间。',
      statedEnd: (until) => `机构载明的有效期至 ${until}，其间仍可能被撤销。`,
    },
  },
};
