import { InvalidInput } from '../../platform/errors/errors.ts'

/** The error for a refund of more than is left. */
export const tooMuch = (leftCents: number): InvalidInput =>
  new InvalidInput({ amountCents: `must be at most ${leftCents}, which is what is left to refund` })
