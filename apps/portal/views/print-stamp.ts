/** While the page is printed, opens what is folded, since nobody can unfold paper, and has `stamp` say where and when that was. */
export function listenForPrint(stamp: HTMLElement, told: () => string): void {
  let opened: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    stamp.textContent = told();
    opened = [...document.querySelectorAll<HTMLDetailsElement>('.result details:not([open])')];
    for (const each of opened) each.open = true;
  });
  addEventListener('afterprint', () => {
    for (const each of opened) each.open = false;
    opened = [];
  });
}
