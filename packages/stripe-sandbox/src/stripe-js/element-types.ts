/** An Element: the title of its frame, and its height until the frame reports one. Without a title, it has no frame. */
interface ElementType {
  readonly title?: string
  readonly height?: number
}

/** The Elements that the stand-in has. The titles are those of Stripe's frames. */
export const ELEMENT_TYPES: Readonly<Record<string, ElementType>> = {
  address: { title: 'Secure address input frame', height: 420 },
  card: { title: 'Secure card payment input frame', height: 40 },
  cardCvc: { title: 'Secure CVC input frame', height: 40 },
  cardExpiry: { title: 'Secure expiration date input frame', height: 40 },
  cardNumber: { title: 'Secure card number input frame', height: 40 },
  contactDetails: { title: 'Secure email input frame', height: 80 },
  linkAuthentication: { title: 'Secure email input frame', height: 80 },
  payment: { title: 'Secure payment input frame', height: 230 },
  taxId: { title: 'Secure tax ID input frame', height: 160 },
  // They show nothing: there are no wallets, and prices have no other currencies to choose from.
  currencySelector: {},
  expressCheckout: {},
  paymentRequestButton: {},
}

const ISSUING = 'Issuing shows the details of cards that you issue. The sandbox has none.'

/** The Elements that the stand-in doesn't have, and why. */
export const MISSING_ELEMENTS: Readonly<Record<string, string>> = {
  auBankAccount: 'The sandbox takes only cards.',
  iban: 'The sandbox takes only cards.',
  issuingAddToWalletButton: ISSUING,
  issuingCardCopyButton: ISSUING,
  issuingCardCvcDisplay: ISSUING,
  issuingCardExpiryDisplay: ISSUING,
  issuingCardNumberDisplay: ISSUING,
  issuingCardPinDisplay: ISSUING,
  linkSignup: 'Stripe has it in beta only.',
  paymentForm: 'Stripe has it in beta only.',
  paymentMethodMessaging: 'It is about paying in installments. The sandbox takes only cards.',
  shippingAddress: 'Stripe has replaced it. Use the Element address.',
  terms: 'Stripe has it in beta only.',
}

const ONLY_CARDS = 'The sandbox takes only cards.'
const OTHER_METHODS = {
  Payment:
    'AcssDebit Affirm AfterpayClearpay Alipay AuBecsDebit Bancontact Billie Blik Boleto Cashapp CustomerBalance Eps Fpx Giropay GrabPay Ideal Klarna Konbini Mobilepay Multibanco Oxxo P24 PayByBank PayNow PayPal Pix PromptPay SepaDebit Sofort Twint UsBankAccount WechatPay',
  Setup:
    'AcssDebit AmazonPay AuBecsDebit BacsDebit Bancontact Blik Cashapp Ideal PayPal SepaDebit Sofort UsBankAccount',
}

/** The functions of Stripe.js that the stand-in doesn't have, and why. */
export const MISSING_FUNCTIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(OTHER_METHODS).flatMap(([what, methods]) =>
      methods.split(' ').map((method) => [`confirm${method}${what}`, ONLY_CARDS] as const),
    ),
  ),
  collectBankAccountForPayment: ONLY_CARDS,
  collectBankAccountForSetup: ONLY_CARDS,
  collectBankAccountToken: ONLY_CARDS,
  collectFinancialConnectionsAccounts: ONLY_CARDS,
  verifyMicrodepositsForPayment: ONLY_CARDS,
  verifyMicrodepositsForSetup: ONLY_CARDS,
  createEphemeralKeyNonce: ISSUING,
  createRadarSession: 'The sandbox has no fraud detection.',
  createSource: 'Stripe has deprecated sources. Use payment methods.',
  retrieveSource: 'Stripe has deprecated sources. Use payment methods.',
  initCheckoutFormSdk: 'Stripe has it in beta only.',
  initializePricing: 'Stripe has it in beta only.',
  processOrder: 'Stripe has it in beta only.',
  retrieveOrder: 'Stripe has it in beta only.',
  verifyIdentity: 'The sandbox has no Identity.',
}
