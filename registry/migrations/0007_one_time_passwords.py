from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0006_order_of_registry_numbers"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="must_change_password",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="The password was given by somebody else and opens nothing but its change.",
            ),
        ),
    ]
