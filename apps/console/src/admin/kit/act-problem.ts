import { errorText, isTollgateError } from '@tollgate/client'
import { t } from '../texts/catalogue.ts'

/** Why an act is not possible, found here, as a sentence for the operator. */
export class ActProblem extends Error {}

/** Says to an operator what an error means. What concerns a customer is worded about them, not to them. */
export function problemText(error: unknown): string {
  return operatorsProblem(error) ?? errorText(error)
}

/** The same; null if the customer's own words fit. */
export function operatorsProblem(error: unknown): string | null {
  if (error instanceof ActProblem) return error.message
  return isTollgateError(error) ? operatorsText(error.data.reason) : null
}

/** Why something was not done for a customer; null if the customer's own words fit. */
export function operatorsText(reason: string): string | null {
  const texts: Readonly<Record<string, string>> = t.kit.reasons
  return texts[reason] ?? null
}
