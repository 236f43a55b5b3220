/**
 * The names in the types of `@stripe/stripe-js` 10.2.1: the functions of `Stripe`, the types of Elements, and what a
 * checkout session on the app's own page has. `test/clients/stripe-js.long.test.ts` compares them with the package.
 */
export const STRIPE_JS_NAMES: Readonly<Record<'functions' | 'elements' | 'checkout' | 'actions', readonly string[]>> = {
  functions:
    'collectBankAccountForPayment collectBankAccountForSetup collectBankAccountToken collectFinancialConnectionsAccounts confirmAcssDebitPayment confirmAcssDebitSetup confirmAffirmPayment confirmAfterpayClearpayPayment confirmAlipayPayment confirmAmazonPaySetup confirmAuBecsDebitPayment confirmAuBecsDebitSetup confirmBacsDebitSetup confirmBancontactPayment confirmBancontactSetup confirmBilliePayment confirmBlikPayment confirmBlikSetup confirmBoletoPayment confirmCardPayment confirmCardSetup confirmCashappPayment confirmCashappSetup confirmCustomerBalancePayment confirmEpsPayment confirmFpxPayment confirmGiropayPayment confirmGrabPayPayment confirmIdealPayment confirmIdealSetup confirmKlarnaPayment confirmKonbiniPayment confirmMobilepayPayment confirmMultibancoPayment confirmOxxoPayment confirmP24Payment confirmPayByBankPayment confirmPayNowPayment confirmPayPalPayment confirmPayPalSetup confirmPayment confirmPixPayment confirmPromptPayPayment confirmSepaDebitPayment confirmSepaDebitSetup confirmSetup confirmSofortPayment confirmSofortSetup confirmTwintPayment confirmUsBankAccountPayment confirmUsBankAccountSetup confirmWechatPayPayment createConfirmationToken createEmbeddedCheckoutPage createEphemeralKeyNonce createPaymentMethod createRadarSession createToken elements handleCardAction handleNextAction initCheckoutElementsSdk initCheckoutFormSdk initializePricing paymentRequest processOrder registerAppInfo retrieveOrder retrievePaymentIntent retrieveSetupIntent verifyIdentity verifyMicrodepositsForPayment verifyMicrodepositsForSetup'.split(
      ' ',
    ),
  elements:
    'address auBankAccount card cardCvc cardExpiry cardNumber contactDetails currencySelector expressCheckout iban issuingAddToWalletButton issuingCardCopyButton issuingCardCvcDisplay issuingCardExpiryDisplay issuingCardNumberDisplay issuingCardPinDisplay linkAuthentication linkSignup payment paymentForm paymentMethodMessaging shippingAddress taxId terms'.split(
      ' ',
    ),
  checkout:
    'changeAppearance createBillingAddressElement createContactDetailsElement createCurrencySelectorElement createExpressCheckoutElement createLinkSignupElement createPaymentElement createShippingAddressElement createTaxIdElement createTermsElement getBillingAddressElement getContactDetailsElement getCurrencySelectorElement getExpressCheckoutElement getLinkSignupElement getPaymentElement getShippingAddressElement getTaxIdElement getTermsElement loadActions loadFonts on'.split(
      ' ',
    ),
  actions:
    'addOptionalLineItem applyPromotionCode confirm getSession removeOptionalLineItem removePromotionCode runServerUpdate updateBillingAddress updateBusinessName updateEmail updateIndividualName updateLineItemQuantity updatePhoneNumber updateShippingAddress updateShippingOption updateTaxIdInfo validateElements'.split(
      ' ',
    ),
}
