import type { User } from '../user.entity.ts'

/**
 * Marks the user's address as verified, because they have a token that was mailed to it.
 *
 * @param user whose row the transaction has locked.
 * @param address where the token was mailed.
 * @returns false when the user has another address, about which the token says nothing.
 */
export function proveAddress(user: User, address: string): boolean {
  if (user.email !== address) return false
  user.isVerified = true
  return true
}
