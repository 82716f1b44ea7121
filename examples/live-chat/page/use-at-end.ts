import { useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** The list counts as at its end if at most this many pixels follow. */
const END_PIXELS = 40;

/** Keeps a list at its end unless the reader scrolls up, and counts the entries that have been added since then. */
export function useAtEnd(list: RefObject<HTMLElement | null>, entries: readonly { readonly key: string }[]) {
  const [isAtEnd, setAtEnd] = useState(true);
  const lastSeen = useRef<string>(undefined);
  const last = entries.at(-1)?.key;

  useLayoutEffect(() => {
    if (!isAtEnd) return;
    lastSeen.current = last;
    list.current!.scrollTop = list.current!.scrollHeight;
  }, [last, isAtEnd]);

  // The list becomes lower when a poll opens, or when the keyboard of a phone does.
  useLayoutEffect(() => {
    if (!isAtEnd) return undefined;
    const observer = new ResizeObserver(() => {
      list.current!.scrollTop = list.current!.scrollHeight;
    });
    observer.observe(list.current!);
    return () => observer.disconnect();
  }, [isAtEnd]);

  return {
    isAtEnd,
    newCount: isAtEnd ? 0 : entries.length - 1 - entries.map(({ key }) => key).lastIndexOf(lastSeen.current ?? ''),
    toEnd: () => setAtEnd(true),
    scrolled() {
      const { scrollHeight, scrollTop, clientHeight } = list.current!;
      setAtEnd(scrollHeight - scrollTop - clientHeight <= END_PIXELS);
    },
  };
}
