/** Texts about amounts that an operator types. */
export const amounts = {
  none: (typed: string) => (typed === '' ? 'Enter an amount.' : `${typed} is not an amount.`),
  unknownCurrency: (currency: string) =>
    currency === ''
      ? 'Enter the currency.'
      : `${currency} is not a currency. Enter a code of three letters, such as USD.`,
  whole: (typed: string, currency: string) => `${currency} has no decimals. Enter ${typed} as a whole number.`,
  tooFine: (typed: string, currency: string, digits: number) =>
    `${typed} has too many decimals: ${currency} has ${digits}.`,
  ambiguous: (typed: string, one: string, other: string) => `${typed} can mean two amounts. Enter ${one} or ${other}.`,
}
