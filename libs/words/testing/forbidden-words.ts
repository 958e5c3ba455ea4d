/** Words that must not be said, by language: they claim more than is known, mean something else in law, or are no idiom. */
const FORBIDDEN: Readonly<Record<string, readonly RegExp[]>> = {
  en: [
    /\blodged?\b/i,
    /\baway\b/i,
    /\bas told\b|\btold (above|below)\b/i,
    /by itself\b.*again|again by itself/i,
    /\brefused\b/i,
    /\bforged|forgery\b/i,
    /since when/i,
    /\bin force: yes\b/i,
    /true copy|original document/i,
    /to the last bit/i,
    /hidden (digest|form|fingerprint)/i,
    /\bkey \(“salt”\)/i,
    /\bfor ever\b/i,
  ],
  'zh-CN': [
    /证明文件/,
    /原件/,
    /封存/,
    /密钥[（(]?“盐”/,
    /隐藏登记|隐藏摘要/,
    /真实一致|^真实，/,
    /不成立/,
    /公共锚定|锚定方/,
    /出块方/,
    /第 ?0 ?(号)?区块/,
    /不得而知/,
    /不证明任何事项/,
    /程序接口/,
    /工商登记/,
    /公共存证登记/,
    /不依赖我们/,
    /伪造|编造/,
    /再次查询/,
  ],
  'zh-TW': [
    /文檔/,
    /服務器|默認|哈希|網絡|軟件|程序|信息|數據|屏幕|打印|支持|字節/,
    /證書|吊銷|核驗|密鑰|簽名/,
    /時間戳(?!記)/,
    /接口|鏈接|文件夾|導出|加載|區塊頭(?!檔)/,
    /原件|封存/,
    /偽造|編造/,
  ],
};

/** The forbidden words in a text, by the tag of its language. */
export function forbiddenIn(text: string, tag: string): string[] {
  const patterns = FORBIDDEN[tag];
  if (patterns === undefined) throw new Error(`expected a register of words for ${tag}, got none`);
  return patterns.flatMap((pattern) => pattern.exec(text)?.[0] ?? []);
}
