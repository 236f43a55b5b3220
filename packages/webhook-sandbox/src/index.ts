export { startWebhookSandbox, type WebhookSandbox, type WebhookSandboxOptions } from './start-webhook-sandbox.ts'
