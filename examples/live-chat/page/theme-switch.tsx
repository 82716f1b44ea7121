import { useEffect, useState } from 'react';
import { Icon, type IconName } from './icon';

const THEMES = ['system', 'light', 'dark'] as const;
type Theme = typeof THEMES[number];
const ICONS: { readonly [theme in Theme]: IconName } = { system: 'screen', light: 'sun', dark: 'moon' };

/** A button that changes the theme: system, light or dark. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(() => THEMES.find((name) => name === localStorage.theme) ?? 'system');
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]!;

  useEffect(() => {
    document.documentElement.dataset.theme = localStorage.theme = theme;
  }, [theme]);

  return (
    <button type="button" className="icon" aria-label={`Theme: ${theme}`} title={`Theme: ${theme}`}
      onClick={() => setTheme(next)}>
      <Icon name={ICONS[theme]} />
    </button>
  );
}
