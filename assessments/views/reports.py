from django.http import HttpResponse


def gaps_csv(request, **kwargs):
    return HttpResponse("gaps_csv")


def pdf(request, **kwargs):
    return HttpResponse("pdf")
