import { missingParam } from '../../http/errors.ts'
import { hash, integer, required, string } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { newId } from '../../ids.ts'
import { cardError } from '../../payments/payment-methods.ts'
import { cardByNumber } from '../../payments/test-cards.ts'
import { serializeCardToken } from '../../resources/card-token.ts'
import { inPath } from '../lookup.ts'

const CARD = hash({
  number: required(string()),
  exp_month: required(integer({ min: 1, max: 12 })),
  exp_year: required(integer({ min: 1970 })),
  cvc: string({ max: 4 }),
  name: string(),
  currency: string(),
  address_city: string(),
  address_country: string(),
  address_line1: string(),
  address_line2: string(),
  address_state: string(),
  address_zip: string(),
})

/** @see https://docs.stripe.com/api/tokens */
export const tokenRoutes = [
  route('POST', '/tokens', hash({ card: CARD }), ({ account, params: { card: given } }) => {
    if (!given) throw missingParam('card')
    const card = cardByNumber(given.number)
    if (!('behaviour' in card)) throw cardError(card, { param: 'number' })
    const { exp_month, exp_year, name = null } = given
    const { behaviour, ...shown } = card
    const row = account.cardTokens.insert({
      id: newId('tok'),
      created: account.now(),
      used: false,
      name,
      address: {
        city: given.address_city ?? null,
        country: given.address_country ?? null,
        line1: given.address_line1 ?? null,
        line2: given.address_line2 ?? null,
        postal_code: given.address_zip ?? null,
        state: given.address_state ?? null,
      },
      card: { ...shown, exp_month, exp_year },
      behaviour,
    })
    return serializeCardToken(row)
  }),
  route('GET', '/tokens/:id', hash({}), ({ account, id }) =>
    serializeCardToken(inPath(account.cardTokens, id, 'token')),
  ),
]
