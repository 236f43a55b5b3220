/** Prices and periods in words. */
export const words = {
  aMonth: 'a month',
  aYear: 'a year',
  every: (unit: string, count: number) => (count === 1 ? `a ${unit}` : `every ${count} ${unit}s`),
  free: 'Free',
  price: (money: string, period: string) => `${money} ${period}`,
  plusSeats: (price: string, money: string, included: number) =>
    `${price}, plus ${money} for each member above ${included}`,
}
