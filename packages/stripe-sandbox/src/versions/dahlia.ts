import { renamed, type VersionChange } from './version-change.ts'

/** The older and the newer names of a session's `ui_mode`. */
const UI_MODES = [
  ['custom', 'elements'],
  ['embedded', 'embedded_page'],
  ['hosted', 'hosted_page'],
] as const

const older = (mode: unknown): unknown => UI_MODES.find(([, name]) => name === mode)?.[0] ?? mode
const newer = (mode: unknown): unknown => UI_MODES.find(([name]) => name === mode)?.[1] ?? mode

/** @see https://docs.stripe.com/changelog/dahlia, node_modules/stripe/CHANGELOG.md, 21.0.0 */
export const uiModesAreRenamed: VersionChange = {
  since: '2026-03-25.dahlia',
  objects: { 'checkout.session': (session) => renamed(session, 'ui_mode', 'ui_mode', older) },
  params: [
    {
      routes: /^POST \/v1\/checkout\/sessions$/,
      upgrade: (params) => renamed(params, 'ui_mode', 'ui_mode', newer),
    },
  ],
}
