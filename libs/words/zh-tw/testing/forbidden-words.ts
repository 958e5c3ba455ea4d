/** Words that must not be said: they claim more than is known, mean something else in law, or are no idiom. */
export const FORBIDDEN: readonly RegExp[] = [
  /文檔/,
  /服務器|默認|哈希|網絡|軟件|程序|信息|數據|屏幕|打印|支持|字節/,
  /證書|吊銷|核驗|密鑰|簽名/,
  /時間戳(?!記)/,
  /接口|鏈接|文件夾|導出|加載|區塊頭(?!檔)/,
  /原件|封存/,
  /偽造|編造/,
];
