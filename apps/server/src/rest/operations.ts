import { accountOperations } from './account-operations.ts'
import { billingOperations } from './billing-operations.ts'

/** Every REST operation but the redirect of a mailed link (open-verify-page.ts). */
export const operations = [...accountOperations, ...billingOperations]
