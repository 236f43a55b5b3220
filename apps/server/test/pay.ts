export { GOOD_CARD, payOnPage } from '@tollgate/local/hosted-page'
