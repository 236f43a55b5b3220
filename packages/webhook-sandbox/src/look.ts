/** Colors, fonts and shapes that all pages of the product share. A test compares the copies. */
export const LOOK = `:root {
  color-scheme: light dark;
  --ground: light-dark(#f7f7f5, #111413);
  --surface: light-dark(#ffffff, #191d1b);
  --surface-sunken: light-dark(#f0f1ee, #141716);
  --ink: light-dark(#1a1e1c, #eaedeb);
  --ink-quiet: light-dark(#56605c, #a4afaa);
  --line: light-dark(#e2e4df, #2d3431);
  --line-strong: light-dark(#848d88, #75807b);
  --good: light-dark(#0b6b57, #6fd0b6);
  --good-ground: light-dark(#e3f1ec, #17312a);
  --calm: light-dark(#3f5166, #b3c3d6);
  --calm-ground: light-dark(#e9eef4, #222b35);
  --warning: light-dark(#7a4d00, #f0c46c);
  --warning-ground: light-dark(#fbf0d9, #352a14);
  --bad: light-dark(#9f2323, #ff9d94);
  --bad-ground: light-dark(#fbe6e4, #3a1c1a);
  --font: Inter, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', system-ui, sans-serif;
  --font-mono: ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace;
  --radius-s: 6px;
  --radius-m: 8px;
  --radius: 10px;
}
`
