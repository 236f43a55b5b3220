export { startPaymobSandbox, type PaymobSandbox, type PaymobSandboxOptions } from './start-paymob-sandbox.ts'
export type { Outcome } from './checkout/pay-intention.ts'
export type { Settings } from './settings.ts'
