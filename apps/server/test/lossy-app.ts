import { startLossyProxy, type LossyProxy } from './lossy-proxy.ts'
import { createTestApp, type TestApp } from './test-app.ts'

export interface LossyApp extends TestApp {
  readonly proxy: LossyProxy
}

/** An app whose calls to Stripe pass through a proxy that can lose them. */
export async function createLossyApp(): Promise<LossyApp> {
  const proxy = await startLossyProxy()
  const app = await createTestApp({ STRIPE_API_URL: proxy.url })
  proxy.target = app.stripe.url
  return {
    ...app,
    proxy,
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]()
      await proxy[Symbol.asyncDispose]()
    },
  }
}
