import { accountOperations } from './account-operations.ts'
import { billingOperations } from './billing-operations.ts'
import { changeOperations } from './change-operations.ts'
import { organizationOperations } from './organization-operations.ts'
import { paymentOperations } from './payment-operations.ts'
import { sessionOperations } from './session-operations.ts'

/** Every REST operation of users except the redirect of an emailed link (open-verify-page.ts). */
export const operations = [
  ...accountOperations,
  ...sessionOperations,
  ...organizationOperations,
  ...billingOperations,
  ...changeOperations,
  ...paymentOperations,
]
