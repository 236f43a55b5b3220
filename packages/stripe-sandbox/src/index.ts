export { startStripeSandbox } from './start-stripe-sandbox.ts'
export type { Activity, StripeSandbox, StripeSandboxOptions } from './options.ts'
export type { Settings } from './settings.ts'
