import { accountOperations } from './account-operations.ts'
import { billingOperations } from './billing-operations.ts'
import { organizationOperations } from './organization-operations.ts'

/** Every REST operation of users except the redirect of an emailed link (open-verify-page.ts). */
export const operations = [...accountOperations, ...organizationOperations, ...billingOperations]
