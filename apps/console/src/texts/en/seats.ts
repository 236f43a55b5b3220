/** Texts of how many members a plan is for. */
export const seats = {
  upTo: (members: string) => `For up to ${members}`,
  includes: (members: string, price: string, limit: string) =>
    `Includes ${members}. Each further member costs ${price}${limit}.`,
  limit: (max: number) => `, up to ${max}`,
  inPrice: (members: string) => ` The plan's price includes ${members}.`,
  used: (members: string, price: string) => `${members}.${price}`,
  taken: (used: number, seats: string, price: string) => `${used} of ${seats} taken.${price}`,
  payNow: (now: string, next: string) => `When they join, you pay ${now}, and ${next} with the next payment.`,
  payNext: (next: string) => `When they join, your next payment becomes ${next}.`,
  members: (count: number) => `${count} ${count === 1 ? 'member' : 'members'}`,
  seats: (count: number) => `${count} ${count === 1 ? 'seat' : 'seats'}`,
}
