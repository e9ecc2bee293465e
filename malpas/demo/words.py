"""The demo school's terms, in both languages, in our own words."""

TERMS_EN = """The portal belongs to our school. It is for news, praise and messages between home and school.

We are kind and polite here, as we would be face to face. Nobody bullies, threatens, or writes about other families.

Messages are for the class teacher. Absence, dinners, clubs, lost things, complaints and anything urgent go to the Main Office. To talk about how your child is getting on, ask for a meeting.

Write when it suits you. In the evening, at weekends and in the holidays your message waits until school opens. Nobody is expected to answer outside reply hours.

An account of your own is yours alone; a class’s account belongs to those who work with the class. Keep your password and your code to yourself, and do not let a child write in your name.

Photos and stories stay in the portal. Please do not copy them or pass them on.

If somebody does not keep to this, the school first warns them, and may then close their account."""

TERMS_CY = """Mae'r porth yn perthyn i'n hysgol ni. Mae ar gyfer newyddion, canmoliaeth a negeseuon rhwng y cartref a'r ysgol.

Rydym yn garedig ac yn gwrtais yma, fel y byddem wyneb yn wyneb. Nid oes neb yn bwlio, yn bygwth nac yn ysgrifennu am deuluoedd eraill.

I athro neu athrawes y dosbarth y mae negeseuon. I'r Brif Swyddfa y mae absenoldeb, cinio, clybiau, pethau coll, cwynion ac unrhyw beth brys yn mynd. I drafod sut mae eich plentyn yn dod ymlaen, gofynnwch am gyfarfod.

Ysgrifennwch pan fydd yn gyfleus i chi. Gyda'r nos, ar y penwythnos ac yn y gwyliau mae eich neges yn aros nes i'r ysgol agor. Nid oes disgwyl i neb ateb y tu allan i oriau ateb.

Chi yn unig biau cyfrif yn eich enw chi; mae cyfrif dosbarth yn perthyn i'r rhai sy'n gweithio gyda'r dosbarth. Cadwch eich cyfrinair a'ch cod i chi'ch hun, a pheidiwch â gadael i blentyn ysgrifennu yn eich enw.

Mae lluniau a straeon yn aros yn y porth. Peidiwch â'u copïo na'u pasio ymlaen.

Os nad yw rhywun yn cadw at hyn, bydd yr ysgol yn eu rhybuddio yn gyntaf, ac wedyn gall gau eu cyfrif."""
