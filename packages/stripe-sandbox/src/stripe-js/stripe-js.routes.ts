import express, { type Router } from 'express'
import { sendPage } from '../pages/layout.ts'
import { ADDRESS_FRAME_SCRIPT_HASH, addressFrame } from './address-frame.ts'
import { CALLS } from './calls.ts'
import { cardFrame, CARD_FRAME_SCRIPT_HASH, CARD_FRAMES } from './card-frame.ts'
import { CHECKOUT_ELEMENTS } from './checkout-elements.ts'
import { CONFIRM } from './confirm.ts'
import { CONTACT_FRAME_SCRIPT_HASH, contactFrame } from './contact-frame.ts'
import { CREATE } from './create.ts'
import { MISSING_FUNCTIONS } from './element-types.ts'
import { ELEMENT } from './element.ts'
import { ELEMENTS } from './elements.ts'
import { EMBEDDED_CHECKOUT } from './embedded-checkout.ts'
import { PAYMENT_REQUEST } from './payment-request.ts'

/** A stand-in for Stripe.js: the embedded checkout, Elements for cards, and the redirect to the hosted checkout. */
export const STRIPE_JS = `(() => {
  const base = new URL(document.currentScript.src).origin
  ${CALLS}${ELEMENT}${ELEMENTS}${CREATE}${CONFIRM}${PAYMENT_REQUEST}${CHECKOUT_ELEMENTS}${EMBEDDED_CHECKOUT}
  const missing = ([name, why]) => [name, () => fail('The Stripe sandbox does not have stripe.' + name + '(). ' + why)]

  function Stripe(key) {
    if (typeof key !== 'string' || !key.startsWith('pk_'))
      fail('Stripe() needs a publishable key, which begins with pk_.')
    return {
      ...Object.fromEntries(Object.entries(${JSON.stringify(MISSING_FUNCTIONS)}).map(missing)),
      elements: (options) => elementsOf(key, options),
      confirmPayment: (options) => confirmWith(key, 'stripe.confirmPayment()', options),
      confirmSetup: (options) => confirmWith(key, 'stripe.confirmSetup()', options),
      confirmCardPayment: (...given) => confirmCard(key, 'stripe.confirmCardPayment()', ...given),
      confirmCardSetup: (...given) => confirmCard(key, 'stripe.confirmCardSetup()', ...given),
      createConfirmationToken: (given) => createConfirmationToken(key, given),
      createPaymentMethod: (given) => createPaymentMethod(key, given),
      createToken: (...given) => createToken(key, ...given),
      paymentRequest,
      handleCardAction: (secret) => handleNextAction(key, 'stripe.handleCardAction()', secret),
      handleNextAction: ({ clientSecret } = {}) => handleNextAction(key, 'stripe.handleNextAction()', clientSecret),
      retrievePaymentIntent: async (secret) => retrieve(key, intentOf(secret, 'stripe.retrievePaymentIntent()')),
      retrieveSetupIntent: async (secret) => retrieve(key, intentOf(secret, 'stripe.retrieveSetupIntent()')),
      createEmbeddedCheckoutPage: embeddedCheckout,
      initEmbeddedCheckout: embeddedCheckout,
      initCheckout: (options) => checkoutElements(key, 'stripe.initCheckout()', options),
      initCheckoutElementsSdk: (options) => checkoutElements(key, 'stripe.initCheckoutElementsSdk()', options),
      redirectToCheckout: ({ sessionId }) => {
        location.assign(base + '/c/pay/' + sessionId)
        return new Promise(() => undefined)
      },
      registerAppInfo() {},
      _registerWrapper() {},
    }
  }
  window.Stripe = Object.assign(Stripe, { version: 'sandbox' })
})()
`

/** Serves the stand-in at the paths that Stripe.js has, and the frames of its Elements. */
export function stripeJs(): Router {
  const router = express.Router()
  router.get(['/v3', '/:release/stripe.js'], (_request, response) => {
    response
      .set({ 'cache-control': 'no-store', 'access-control-allow-origin': '*', 'x-content-type-options': 'nosniff' })
      .type('text/javascript')
      .send(STRIPE_JS)
  })
  router.get('/elements/address', (_request, response) => {
    sendPage(response, 200, addressFrame(), { script: ADDRESS_FRAME_SCRIPT_HASH })
  })
  router.get(['/elements/contactDetails', '/elements/linkAuthentication', '/elements/taxId'], (request, response) => {
    const kind = request.path.endsWith('taxId') ? 'taxId' : 'email'
    sendPage(response, 200, contactFrame(kind), { script: CONTACT_FRAME_SCRIPT_HASH })
  })
  for (const kind of CARD_FRAMES)
    router.get(`/elements/${kind}`, (_request, response) => {
      sendPage(response, 200, cardFrame(kind), { script: CARD_FRAME_SCRIPT_HASH })
    })
  return router
}
