"""More names of events: what closes besides the school, and how schools name their closures."""

# On a single day when school is open.
OPEN = """
Holiday club
INSET day for governors
Library closed for INSET
Swimming pool closed
Swimming closed - no lessons
Nursery closed
Flying Start closed
Little Acorns playgroup closed
Year 5 and 6 closed
Year 6 only: no school
Reception admissions closes
School closes at 2pm
School closes 1pm
Half term holiday activities
Pre half term assembly
Half-term treat
Last Day of Half Term
Final day of term before half-term
End of first half term
Half term 3 begins
Start of half term 2
1st day of half term 4
Term 3 starts after half term
School holiday starts
Summer holidays begin
Holidays start at 3.15
Christmas holiday concert
Christmas holidays lunch
Summer holiday reading challenge
Bank Holiday Monday club
No school dinners
No school lunches today
No school uniform day
No school council
No school clubs
No after school clubs - half term week
School not closed
School is open - INSET moved
INSET day moved to 4 July
INSET day changed
NOT an INSET day
Inset day (TBC)
Provisional INSET day
Reminder: INSET Friday
INSET day tomorrow
Reminder: INSET day tomorrow
School closed tomorrow
School closed next week
Next week is half term
Half term next week
One week until half term
2 weeks to half term
Countdown to half term
Half term holidays - club forms due
Sports hall closed
School hall closed
School kitchen closed
School gates closed 9am
School library closed
School crossing closed
School field closed
Field closed
Toilets closed
Road closed
Bridge closed
M4 closed
A467 closed overnight
Street closed for play
Bake sale closes
Voting closes
Survey closes
Consultation closed
Book fair closes
School fund closes
Closed book exam
School closure consultation
School closure meeting
Meeting about school closure
Training day for parents
First aid training day Year 6
Football training day
Cluster INSET (some staff)
Staff INSET after school
INSET 4pm-6pm
Twilight INSET session
Staff training (twilight)
Staff training 3:30
Parent training day
Bikeability training day
PTA holiday raffle
Holiday photos
Bring your holiday photos
Show and tell: holidays
Topic: Holidays
Holiday in Tenby Y6 residential
Parents' evening before half term
Hanner tymor yn dechrau
Dechrau hanner tymor
Hanner tymor cyntaf yn dechrau
Diwrnod cyntaf yn ôl wedi hanner tymor
Dydd olaf cyn hanner tymor
Gwyliau'n dechrau
Gwyliau'r haf yn dechrau
Gwyliau yn gorffen
Ysgol ddim ar gau
Nid yw'r ysgol ar gau
Clwb ar ôl ysgol ar gau
Meithrinfa ar gau
Dosbarth meithrin ar gau
Y gegin ar gau
Pwll nofio ar gau
Y ffordd ar gau
Neuadd ar gau
Cae ar gau
Llyfrgell yr ysgol ar gau
Blwyddyn 6 ar gau
HMS llywodraethwyr
HMS wedi'i ganslo
HMS i'w gadarnhau
Canslo: HMS
Atgoffa: HMS yfory
Clwb hanner tymor
Disgo Hanner Tymor
Te parti hanner tymor
Hyfforddiant beicio
Hyfforddiant beicio Bl 6
Hyfforddiant pêl-droed
Hyfforddiant cymorth cyntaf
Trip gwyliau
Gwyliau Cymreig
Gwyliau darllen
Gwyliau'r Urdd
Gwyliau chwaraeon
Holiday jumpers
Holiday cards on sale
Happy holidays concert
Jewish holiday Purim
World book day - closed activity
Easter break craft
Summer break-up party
Christmas break reading
Occasional day request deadline
Teacher training students arrive
Teacher training student day
Student teacher training day visit
""".strip().splitlines()

# On a single day when it is closed.
CLOSED = """
INSET Day
Inset
INSET Day 1
Inset day (1)
INSET day (no children)
Staff INSET day
Staff INSET
Whole school INSET
School INSET day
Non-pupil day
Non pupil day
Staff training
Staff training day - no pupils in school
Teacher INSET
Professional learning day
Professional Development Day
School closed
SCHOOL CLOSED
School closed - INSET
School closed for staff training
School closed to pupils (INSET)
School closed for King's coronation
School closed for the day
School closed all day
School will be closed
School is closed for polling
Closed for polling day
Closed
No pupils
No children in school
No school for children
No school - strike
Strike day - school closed
School closed due to strike action
School closed due to adverse weather
Snow day - school closed
Emergency closure
School closure - no water
Additional Bank Holiday
Diwrnod HMS 1
HMS (dim disgyblion)
Diwrnod HMS Staff
Diwrnod Hyfforddi
Diwrnod hyfforddi staff
Diwrnod dysgu proffesiynol
Ysgol ar gau i ddisgyblion
Ysgol ar gau - streic
Yr Ysgol ar Gau
Ysgol wedi cau
Mae'r ysgol ar gau
Bydd yr ysgol ar gau
Ar gau
Dim ysgol heddiw
Dim disgyblion
Diwrnod di-ddisgybl
Diwrnod heb ddisgyblion
Gŵyl banc ychwanegol
INSET Day / Diwrnod HMS
Diwrnod HMS / INSET Day
INSET - Diwrnod HMS
INSET Day – School Closed to Pupils / Diwrnod HMS – Ysgol ar gau i ddisgyblion
Staff preparation day
Staff Prep Day
School closed (INSET) - back Monday
INSET Day (children return tomorrow)
""".strip().splitlines()

# On a whole week when it is closed.
WEEKS = """
Half Term Holiday
Half-term break
Summer half term holiday
May half term
Spring Bank half-term
Half Term week
Half term (school closed)
HALF TERM - SCHOOL CLOSED
Half-Term Vacation
Halfterm
Mid-term break
Hanner Tymor
Gwyliau Hanner Tymor
Gwyliau hanner-tymor
Hanner tymor y Sulgwyn
Half Term / Hanner Tymor
Wythnos hanner tymor
Whitsun break
Whitsun half term
School holidays / Gwyliau'r ysgol
Easter holidays
Gwyliau'r Pasg
Easter break
Spring break
October break
""".strip().splitlines()

# On a whole week when it is open.
OPEN_WEEKS = """
Half term reports week
Week before half term
Half term homework week
Assessment week before half term
Summer half term 1
Half term club week
Holiday club
Holiday play scheme
Clwb gwyliau
Half term sports camp
Art exhibition half term 5
Swimming half term 1 (Y4)
Football club half term 2
Swimming lessons - first half term
Hanner tymor 1
Hanner tymor cyntaf
""".strip().splitlines()
