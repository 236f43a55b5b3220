import { errorText, isTollgateError } from '@tollgate/client'
import { t } from '../texts/catalogue.ts'

/** Why an act is not possible, found here, as a sentence for the operator. */
export class ActProblem extends Error {}

/** Says to an operator what an error means. What concerns a customer is worded about them, not to them. */
export function problemText(error: unknown): string {
  return operatorsProblem(error) ?? (fieldsText(error) || errorText(error))
}

/** What the server says about each field, under the field's name in the API; empty if it is about none. */
function fieldsText(error: unknown): string {
  const problems = Object.entries((isTollgateError(error) && error.data.fieldErrors) || {})
  return problems.map(([field, problem]) => `${field} ${problem}.`).join(' ')
}

/**
 * The error as a form can show it: a problem of a field that the form does not have becomes a sentence.
 *
 * @param fields of the form.
 */
export function showable(error: unknown, fields: Readonly<Record<string, string>>): unknown {
  const named = Object.keys((isTollgateError(error) && error.data.fieldErrors) || {})
  return named.every((field) => Object.hasOwn(fields, field)) ? error : new ActProblem(problemText(error))
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
