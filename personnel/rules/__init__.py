"""The law of service as pure functions over dated parameters (quy định áp dụng); no Django, no database.

What a decision asks, by module; each begins with the table of its functions:

    terms           the term of an appointment, reappointment, extension
    appointment     age, time in the title, planning, political review, papers, seats, ratings
    standards       standards of a title
    discipline      what a discipline blocks, for how long, when it may be imposed
    mobility        transfer, rotation, secondment
    leaving         resignation, removal, retirement
    pay_steps       the next rise in pay, early steps
    procedure       votes of the personnel procedures, which `procedure_data` reads
    dossier         papers missing and expired

`judging` has the one way in which they judge, and `RULES`: the label of each rule and whether a reason may override it.
"""
