export {
  startOAuthSandbox,
  type ClientCredentials,
  type OAuthSandbox,
  type OAuthSandboxOptions,
} from './start-oauth-sandbox.ts'
export type { Lies } from './lies.ts'
