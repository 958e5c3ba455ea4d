import type { AnswerWords } from '../answer-words.js';

/** When, who, still. */
export const answers: AnswerWords = {
  content: {
    same: '與登錄時的檔案逐位元組相同。',
    notGiven: '未比對：未提供檔案。',
    undecided: '未能比對。',
  },
  when: {
    notAfter: { document: (time) => `不晚於 ${time}。`, checkpoint: (time) => `登錄不晚於 ${time}。` },
    pending: '目前沒有日誌以外的依據。',
    undecided: '未能證明：沒有任何一項時間證明得到確認。',
    shownBy: (place) => `依據：${place}。`,
    notBefore: (time, place) => `批次的寫入不早於 ${time}，因為它載有${place}。`,
    contradicted: '各項時間互相矛盾：至少有一個時鐘有誤，但無法確認是哪一個。',
    block: (block, clock) => `${block}（${clock}）`,
  },
  who: {
    notStated: { text: '未記載。', basis: 'OpenTimestamps 檔案不會記載由誰申請。' },
    unchecked: {
      text: '未驗證。',
      basis: (agency, log) => `證明自稱的機關是 ${agency}，日誌是 ${log}。任何人都能架設日誌並自稱某機關。`,
    },
    agency: {
      text: (agency) => `${agency}：由機關自己的金鑰簽章，該金鑰當時已獲授權。`,
      basis: (log) => `金鑰屬於該機關一事，由日誌 ${log} 的營運者登錄。簽章本身只有金鑰的持有者才做得出來。`,
    },
    log: {
      text: (agency, log) => `${agency}（依日誌 ${log} 所載）。`,
      basis: {
        yours: '其金鑰是您信任的金鑰。紀錄經由該機關的介面金鑰提交；紀錄屬於該機關一事，是日誌營運者的說法。',
        page: (service) =>
          `其金鑰與 ${service} 公布的相同。紀錄經由該機關的介面金鑰提交；紀錄屬於該機關一事，是日誌營運者的說法。`,
      },
    },
  },
  still: {
    expired: { text: (since) => `否，已於 ${since} 到期。`, basis: '此期限由機關於登錄時載明。' },
    'not-yet-valid': { text: (from) => `尚未生效，自 ${from} 起生效。`, basis: '此期限由機關於登錄時載明。' },
    'not-yet-recorded': {
      text: (from) => `當時還沒有這筆紀錄，日誌的收件時間是 ${from}。`,
      basis: '該時間只是日誌營運者的說法。',
    },
    askedAt: (time) => `以上是 ${time} 的情形，不是目前的情形。`,
    unknown: {
      text: '無法確認：這份證明沒有登錄之後的狀態變化。',
      noEnd: '機關未載明有效期間的終點。',
      statedEnd: (until) => `機關載明的有效期間至 ${until} 為止，其間仍可能遭撤銷。`,
    },
  },
};
