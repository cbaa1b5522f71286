"""How much of a request with files is read: never more than any form could take."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class BoundedUploads(FileUploadHandler):
    """Stands before Django's own handlers, which would store a file of any size before a form sees it.

    Of a file that is too large the beginning is passed on, by a little more than the largest that is taken: the form sees that it
    is too large, says so, and has all its other fields. A request that is larger than a form full of files is not read.
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        if content_length > settings.UPLOAD_BYTES:
            raise RequestDataTooBig("The request is larger than any form here takes.")

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.passed_on = 0

    def receive_data_chunk(self, raw_data, start):
        if self.passed_on > settings.UPLOAD_FILE_BYTES:
            return None
        self.passed_on += len(raw_data)
        return raw_data

    def file_complete(self, file_size):
        return None  # the next handler has it
