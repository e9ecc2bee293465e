from django.core.mail import EmailMessage, get_connection


def test_mails_of_one_second_lie_in_a_file_each(tmp_path):
    for number in range(20):
        connection = get_connection("malpas.mail.files.OneFileEach", file_path=tmp_path)
        connection.open()
        EmailMessage("Hello", "", to=[f"parent{number}@family.example"], connection=connection).send()
        connection.close()
    found = [path.read_text() for path in tmp_path.glob("*.log")]
    assert len(found) == 20 and all(mail.count("To: parent") == 1 for mail in found)
