export { startOAuthSandbox } from './start-oauth-sandbox.ts'
export type { ClientCredentials, Lies, OAuthSandbox, OAuthSandboxOptions } from './options.ts'
