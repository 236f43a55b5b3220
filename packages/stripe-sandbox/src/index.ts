export { startStripeSandbox, type StripeSandbox, type StripeSandboxOptions } from './start-stripe-sandbox.ts'
export type { Settings } from './settings.ts'
