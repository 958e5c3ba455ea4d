import type { ComparisonTexts, RemedyWords } from '../remedy-words.js';

/** What a person can do. */
export const remedies: RemedyWords = {
  'use-original': '请使用机构签发的文件本身：重新下载，或请对方以“文件”形式或放入压缩包发送。',
  'use-sealed-part': {
    commandLine: '请用 --extract FILE 将登记时的版本另存为文件，并以该版本为准。',
    page: '请下载登记时的版本，并以该版本为准。',
  },
  'restore-line-endings': '请使用签发时的文件（以二进制方式或放入压缩包传送），或将换行符转换回来。',
  'give-document': { commandLine: '请提供文件本身，以便比对。', page: '请添加文件，以便比对。' },
  'give-digest': {
    commandLine: (algorithms) => `请提供文件本身，或用 --digest 提供以下任一算法的摘要：${algorithms}。`,
    page: '请添加文件本身。',
  },
  'give-salt': {
    commandLine:
      '请使用文件持有人收到的存证证明，或将 FILE.sealroot-salt.json 与文件放在一起，或用 --salt 提供随机盐值。',
    page: '请添加文件持有人收到的存证证明，其中含有随机盐值。',
  },
  'get-proof-again': '请从原处或向服务重新获取存证证明。',
  'renew-proof': '请稍后重新获取存证证明，新版将补齐所缺内容。',
  'renew-status': '请向服务重新获取存证证明，新版载有更新的状态。',
  'ask-whose-log': '请向机构询问其在哪个服务登记文件，以及该服务公布的密钥。',
  'pin-log-key': {
    commandLine: '请从服务运营者处取得密钥，并用 --log-key 提供。',
    page: '请将该密钥与服务运营者公布的密钥比对。',
  },
  'try-later': {
    commandLine: '请稍后重试、查询其他数据来源，或按下方提示自行比对。',
    page: '请稍后重试，或按下方提示自行比对。',
  },
  'newer-verifier': '更新版本的本程序或其他程序或许能够核验。',
  'ask-independent-source': {
    commandLine: '请查询您信任的数据来源（例如自有节点），或按下方提示自行比对。',
    page: '请按下方提示在您信任的地方自行比对。',
  },
  'give-source': {
    commandLine: {
      bitcoin: '请用 --bitcoin-rpc、--esplora 或 --headers 提供数据来源，或按下方提示自行比对。',
      evm: '请用 --evm-rpc 提供该链的节点，或按下方提示自行比对。',
    },
    page: '请按下方提示在任意区块浏览器中自行比对。',
  },
  'pin-headers': {
    commandLine:
      '请使用从创世区块开始的区块头文件，或用 --pin-block HEIGHT:HASH 指明其中您确知正确的区块，或按下方提示自行比对。',
    page: '请按下方提示在任意区块浏览器中自行比对。',
  },
  'wait-for-block': '请在数小时后重新获取存证证明：区块产生后，新版会予以载明。',
  'secure-connection': '请通过 https 地址打开本页面，或用 OpenSSL 或命令行程序核验该时间戳。',
  reload: '请重新加载页面。',
  'give-root': {
    commandLine: '请将根证书的指纹与该机构公布的指纹比对，然后用 --tsa-root 提供该证书。',
    page: '请将根证书的指纹与该机构公布的指纹比对。',
  },
  'rely-on-neither': '请勿单独依据其中任何一个时间。其他核验项目不受影响。',
  'ask-for-newer': '请向机构询问该文件是否已换发。',
  'hand-in-fitting': '请移除该文件，或提交与本文件对应的那一份。',
};

/** What to compare by hand. */
export const comparisons: ComparisonTexts = {
  'merkle-root': (block) => `${block}的默克尔根`,
  'block-hash': (block) => `${block}的哈希`,
  genesis: (chain) => `${chain}的创世区块的哈希`,
  'root-certificate': (name) => `证书 ${name} 的 SHA-256 指纹`,
  'log-key': '日志密钥',
  digest: (algorithm) => `证明中的摘要（${algorithm}）`,
  where: {
    chain: '该链的任意区块浏览器或节点',
    authority: '该机构公布的指纹',
    operator: '服务运营者公布的密钥',
    document: '用任意程序算出的文件摘要',
  },
};
